// Original file: proto/smee/hardware/v1/hardware.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApplyHardwareRequest as _smee_hardware_v1_ApplyHardwareRequest, ApplyHardwareRequest__Output as _smee_hardware_v1_ApplyHardwareRequest__Output } from '../../../smee/hardware/v1/ApplyHardwareRequest.ts';
import type { ApplyHardwareResponse as _smee_hardware_v1_ApplyHardwareResponse, ApplyHardwareResponse__Output as _smee_hardware_v1_ApplyHardwareResponse__Output } from '../../../smee/hardware/v1/ApplyHardwareResponse.ts';
import type { CreateHardwareRequest as _smee_hardware_v1_CreateHardwareRequest, CreateHardwareRequest__Output as _smee_hardware_v1_CreateHardwareRequest__Output } from '../../../smee/hardware/v1/CreateHardwareRequest.ts';
import type { DeleteHardwareRequest as _smee_hardware_v1_DeleteHardwareRequest, DeleteHardwareRequest__Output as _smee_hardware_v1_DeleteHardwareRequest__Output } from '../../../smee/hardware/v1/DeleteHardwareRequest.ts';
import type { DeleteHardwareResponse as _smee_hardware_v1_DeleteHardwareResponse, DeleteHardwareResponse__Output as _smee_hardware_v1_DeleteHardwareResponse__Output } from '../../../smee/hardware/v1/DeleteHardwareResponse.ts';
import type { GetHardwareRequest as _smee_hardware_v1_GetHardwareRequest, GetHardwareRequest__Output as _smee_hardware_v1_GetHardwareRequest__Output } from '../../../smee/hardware/v1/GetHardwareRequest.ts';
import type { Hardware as _smee_hardware_v1_Hardware, Hardware__Output as _smee_hardware_v1_Hardware__Output } from '../../../smee/hardware/v1/Hardware.ts';
import type { ListHardwareRequest as _smee_hardware_v1_ListHardwareRequest, ListHardwareRequest__Output as _smee_hardware_v1_ListHardwareRequest__Output } from '../../../smee/hardware/v1/ListHardwareRequest.ts';
import type { ListHardwareResponse as _smee_hardware_v1_ListHardwareResponse, ListHardwareResponse__Output as _smee_hardware_v1_ListHardwareResponse__Output } from '../../../smee/hardware/v1/ListHardwareResponse.ts';
import type { UpdateHardwareRequest as _smee_hardware_v1_UpdateHardwareRequest, UpdateHardwareRequest__Output as _smee_hardware_v1_UpdateHardwareRequest__Output } from '../../../smee/hardware/v1/UpdateHardwareRequest.ts';
import type { WatchHardwareRequest as _smee_hardware_v1_WatchHardwareRequest, WatchHardwareRequest__Output as _smee_hardware_v1_WatchHardwareRequest__Output } from '../../../smee/hardware/v1/WatchHardwareRequest.ts';
import type { WatchHardwareResponse as _smee_hardware_v1_WatchHardwareResponse, WatchHardwareResponse__Output as _smee_hardware_v1_WatchHardwareResponse__Output } from '../../../smee/hardware/v1/WatchHardwareResponse.ts';

/**
 * Who is this machine, and what may it boot?
 * 
 * Bad input is INVALID_ARGUMENT with google.rpc.BadRequest field violations, all of them at once.
 */
export interface HardwareServiceClient extends grpc.Client {
  /**
   * Creates or updates: what files and pipelines want.
   */
  ApplyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  ApplyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  ApplyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  ApplyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Creates or updates: what files and pipelines want.
   */
  applyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  applyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  applyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  applyHardware(argument: _smee_hardware_v1_ApplyHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_ApplyHardwareResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * ALREADY_EXISTS names the other record when a name, MAC or IP is taken.
   */
  CreateHardware(argument: _smee_hardware_v1_CreateHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  CreateHardware(argument: _smee_hardware_v1_CreateHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  CreateHardware(argument: _smee_hardware_v1_CreateHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  CreateHardware(argument: _smee_hardware_v1_CreateHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  /**
   * ALREADY_EXISTS names the other record when a name, MAC or IP is taken.
   */
  createHardware(argument: _smee_hardware_v1_CreateHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  createHardware(argument: _smee_hardware_v1_CreateHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  createHardware(argument: _smee_hardware_v1_CreateHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  createHardware(argument: _smee_hardware_v1_CreateHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  
  /**
   * NOT_FOUND without such a record; ABORTED when revision is not 0 and not the current one.
   */
  DeleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  DeleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  DeleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  DeleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  /**
   * NOT_FOUND without such a record; ABORTED when revision is not 0 and not the current one.
   */
  deleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  deleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  deleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  deleteHardware(argument: _smee_hardware_v1_DeleteHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_DeleteHardwareResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * NOT_FOUND when nothing matches.
   */
  GetHardware(argument: _smee_hardware_v1_GetHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  GetHardware(argument: _smee_hardware_v1_GetHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  GetHardware(argument: _smee_hardware_v1_GetHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  GetHardware(argument: _smee_hardware_v1_GetHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  /**
   * NOT_FOUND when nothing matches.
   */
  getHardware(argument: _smee_hardware_v1_GetHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  getHardware(argument: _smee_hardware_v1_GetHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  getHardware(argument: _smee_hardware_v1_GetHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  getHardware(argument: _smee_hardware_v1_GetHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  
  /**
   * Pages in a stable order, by name.
   */
  ListHardware(argument: _smee_hardware_v1_ListHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  ListHardware(argument: _smee_hardware_v1_ListHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  ListHardware(argument: _smee_hardware_v1_ListHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  ListHardware(argument: _smee_hardware_v1_ListHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Pages in a stable order, by name.
   */
  listHardware(argument: _smee_hardware_v1_ListHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  listHardware(argument: _smee_hardware_v1_ListHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  listHardware(argument: _smee_hardware_v1_ListHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  listHardware(argument: _smee_hardware_v1_ListHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_ListHardwareResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * NOT_FOUND without such a record; ABORTED when hardware.revision is not 0 and not the current one.
   */
  UpdateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  UpdateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  UpdateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  UpdateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  /**
   * NOT_FOUND without such a record; ABORTED when hardware.revision is not 0 and not the current one.
   */
  updateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  updateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  updateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  updateHardware(argument: _smee_hardware_v1_UpdateHardwareRequest, callback: grpc.requestCallback<_smee_hardware_v1_Hardware__Output>): grpc.ClientUnaryCall;
  
  /**
   * A snapshot and what has changed since, or the missed changes; a SYNCED mark, when all is complete that had happened when the
   * watch began; then every further change in revision order. Changes that come without a pause may be gathered for some
   * milliseconds.
   * 
   * OUT_OF_RANGE when the watcher cannot be continued from where it is (another store, a revision ahead of the store, or
   * one older than the kept history): start over with since_revision 0. RESOURCE_EXHAUSTED when the watcher reads too
   * slowly: reconnect from the last revision seen.
   */
  WatchHardware(argument: _smee_hardware_v1_WatchHardwareRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_hardware_v1_WatchHardwareResponse__Output>;
  WatchHardware(argument: _smee_hardware_v1_WatchHardwareRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_hardware_v1_WatchHardwareResponse__Output>;
  /**
   * A snapshot and what has changed since, or the missed changes; a SYNCED mark, when all is complete that had happened when the
   * watch began; then every further change in revision order. Changes that come without a pause may be gathered for some
   * milliseconds.
   * 
   * OUT_OF_RANGE when the watcher cannot be continued from where it is (another store, a revision ahead of the store, or
   * one older than the kept history): start over with since_revision 0. RESOURCE_EXHAUSTED when the watcher reads too
   * slowly: reconnect from the last revision seen.
   */
  watchHardware(argument: _smee_hardware_v1_WatchHardwareRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_hardware_v1_WatchHardwareResponse__Output>;
  watchHardware(argument: _smee_hardware_v1_WatchHardwareRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_hardware_v1_WatchHardwareResponse__Output>;
  
}

/**
 * Who is this machine, and what may it boot?
 * 
 * Bad input is INVALID_ARGUMENT with google.rpc.BadRequest field violations, all of them at once.
 */
export interface HardwareServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Creates or updates: what files and pipelines want.
   */
  ApplyHardware: grpc.handleUnaryCall<_smee_hardware_v1_ApplyHardwareRequest__Output, _smee_hardware_v1_ApplyHardwareResponse>;
  
  /**
   * ALREADY_EXISTS names the other record when a name, MAC or IP is taken.
   */
  CreateHardware: grpc.handleUnaryCall<_smee_hardware_v1_CreateHardwareRequest__Output, _smee_hardware_v1_Hardware>;
  
  /**
   * NOT_FOUND without such a record; ABORTED when revision is not 0 and not the current one.
   */
  DeleteHardware: grpc.handleUnaryCall<_smee_hardware_v1_DeleteHardwareRequest__Output, _smee_hardware_v1_DeleteHardwareResponse>;
  
  /**
   * NOT_FOUND when nothing matches.
   */
  GetHardware: grpc.handleUnaryCall<_smee_hardware_v1_GetHardwareRequest__Output, _smee_hardware_v1_Hardware>;
  
  /**
   * Pages in a stable order, by name.
   */
  ListHardware: grpc.handleUnaryCall<_smee_hardware_v1_ListHardwareRequest__Output, _smee_hardware_v1_ListHardwareResponse>;
  
  /**
   * NOT_FOUND without such a record; ABORTED when hardware.revision is not 0 and not the current one.
   */
  UpdateHardware: grpc.handleUnaryCall<_smee_hardware_v1_UpdateHardwareRequest__Output, _smee_hardware_v1_Hardware>;
  
  /**
   * A snapshot and what has changed since, or the missed changes; a SYNCED mark, when all is complete that had happened when the
   * watch began; then every further change in revision order. Changes that come without a pause may be gathered for some
   * milliseconds.
   * 
   * OUT_OF_RANGE when the watcher cannot be continued from where it is (another store, a revision ahead of the store, or
   * one older than the kept history): start over with since_revision 0. RESOURCE_EXHAUSTED when the watcher reads too
   * slowly: reconnect from the last revision seen.
   */
  WatchHardware: grpc.handleServerStreamingCall<_smee_hardware_v1_WatchHardwareRequest__Output, _smee_hardware_v1_WatchHardwareResponse>;
  
}

export interface HardwareServiceDefinition extends grpc.ServiceDefinition {
  ApplyHardware: MethodDefinition<_smee_hardware_v1_ApplyHardwareRequest, _smee_hardware_v1_ApplyHardwareResponse, _smee_hardware_v1_ApplyHardwareRequest__Output, _smee_hardware_v1_ApplyHardwareResponse__Output>
  CreateHardware: MethodDefinition<_smee_hardware_v1_CreateHardwareRequest, _smee_hardware_v1_Hardware, _smee_hardware_v1_CreateHardwareRequest__Output, _smee_hardware_v1_Hardware__Output>
  DeleteHardware: MethodDefinition<_smee_hardware_v1_DeleteHardwareRequest, _smee_hardware_v1_DeleteHardwareResponse, _smee_hardware_v1_DeleteHardwareRequest__Output, _smee_hardware_v1_DeleteHardwareResponse__Output>
  GetHardware: MethodDefinition<_smee_hardware_v1_GetHardwareRequest, _smee_hardware_v1_Hardware, _smee_hardware_v1_GetHardwareRequest__Output, _smee_hardware_v1_Hardware__Output>
  ListHardware: MethodDefinition<_smee_hardware_v1_ListHardwareRequest, _smee_hardware_v1_ListHardwareResponse, _smee_hardware_v1_ListHardwareRequest__Output, _smee_hardware_v1_ListHardwareResponse__Output>
  UpdateHardware: MethodDefinition<_smee_hardware_v1_UpdateHardwareRequest, _smee_hardware_v1_Hardware, _smee_hardware_v1_UpdateHardwareRequest__Output, _smee_hardware_v1_Hardware__Output>
  WatchHardware: MethodDefinition<_smee_hardware_v1_WatchHardwareRequest, _smee_hardware_v1_WatchHardwareResponse, _smee_hardware_v1_WatchHardwareRequest__Output, _smee_hardware_v1_WatchHardwareResponse__Output>
}
