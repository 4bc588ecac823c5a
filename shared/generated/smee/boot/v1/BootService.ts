// Original file: proto/smee/boot/v1/boot.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExplainBootRequest as _smee_boot_v1_ExplainBootRequest, ExplainBootRequest__Output as _smee_boot_v1_ExplainBootRequest__Output } from '../../../smee/boot/v1/ExplainBootRequest.ts';
import type { ExplainBootResponse as _smee_boot_v1_ExplainBootResponse, ExplainBootResponse__Output as _smee_boot_v1_ExplainBootResponse__Output } from '../../../smee/boot/v1/ExplainBootResponse.ts';
import type { GetBootRequest as _smee_boot_v1_GetBootRequest, GetBootRequest__Output as _smee_boot_v1_GetBootRequest__Output } from '../../../smee/boot/v1/GetBootRequest.ts';
import type { GetBootResponse as _smee_boot_v1_GetBootResponse, GetBootResponse__Output as _smee_boot_v1_GetBootResponse__Output } from '../../../smee/boot/v1/GetBootResponse.ts';
import type { ListBootsRequest as _smee_boot_v1_ListBootsRequest, ListBootsRequest__Output as _smee_boot_v1_ListBootsRequest__Output } from '../../../smee/boot/v1/ListBootsRequest.ts';
import type { ListBootsResponse as _smee_boot_v1_ListBootsResponse, ListBootsResponse__Output as _smee_boot_v1_ListBootsResponse__Output } from '../../../smee/boot/v1/ListBootsResponse.ts';
import type { ReportEventsRequest as _smee_boot_v1_ReportEventsRequest, ReportEventsRequest__Output as _smee_boot_v1_ReportEventsRequest__Output } from '../../../smee/boot/v1/ReportEventsRequest.ts';
import type { ReportEventsResponse as _smee_boot_v1_ReportEventsResponse, ReportEventsResponse__Output as _smee_boot_v1_ReportEventsResponse__Output } from '../../../smee/boot/v1/ReportEventsResponse.ts';
import type { WatchEventsRequest as _smee_boot_v1_WatchEventsRequest, WatchEventsRequest__Output as _smee_boot_v1_WatchEventsRequest__Output } from '../../../smee/boot/v1/WatchEventsRequest.ts';
import type { WatchEventsResponse as _smee_boot_v1_WatchEventsResponse, WatchEventsResponse__Output as _smee_boot_v1_WatchEventsResponse__Output } from '../../../smee/boot/v1/WatchEventsResponse.ts';

/**
 * Why did my machine not boot?
 * 
 * Bad input is INVALID_ARGUMENT with google.rpc.BadRequest field violations, all of them at once.
 */
export interface BootServiceClient extends grpc.Client {
  /**
   * What each step of a boot would answer this machine now, and why: the services' own decisions, taken with the live record
   * and the settings that they reported. No packet is sent.
   */
  ExplainBoot(argument: _smee_boot_v1_ExplainBootRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  ExplainBoot(argument: _smee_boot_v1_ExplainBootRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  ExplainBoot(argument: _smee_boot_v1_ExplainBootRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  ExplainBoot(argument: _smee_boot_v1_ExplainBootRequest, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What each step of a boot would answer this machine now, and why: the services' own decisions, taken with the live record
   * and the settings that they reported. No packet is sent.
   */
  explainBoot(argument: _smee_boot_v1_ExplainBootRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  explainBoot(argument: _smee_boot_v1_ExplainBootRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  explainBoot(argument: _smee_boot_v1_ExplainBootRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  explainBoot(argument: _smee_boot_v1_ExplainBootRequest, callback: grpc.requestCallback<_smee_boot_v1_ExplainBootResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * One boot with its events; NOT_FOUND when there is none.
   */
  GetBoot(argument: _smee_boot_v1_GetBootRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  GetBoot(argument: _smee_boot_v1_GetBootRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  GetBoot(argument: _smee_boot_v1_GetBootRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  GetBoot(argument: _smee_boot_v1_GetBootRequest, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One boot with its events; NOT_FOUND when there is none.
   */
  getBoot(argument: _smee_boot_v1_GetBootRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  getBoot(argument: _smee_boot_v1_GetBootRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  getBoot(argument: _smee_boot_v1_GetBootRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  getBoot(argument: _smee_boot_v1_GetBootRequest, callback: grpc.requestCallback<_smee_boot_v1_GetBootResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Boots, the one that was heard of last first.
   */
  ListBoots(argument: _smee_boot_v1_ListBootsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  ListBoots(argument: _smee_boot_v1_ListBootsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  ListBoots(argument: _smee_boot_v1_ListBootsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  ListBoots(argument: _smee_boot_v1_ListBootsRequest, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Boots, the one that was heard of last first.
   */
  listBoots(argument: _smee_boot_v1_ListBootsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  listBoots(argument: _smee_boot_v1_ListBootsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  listBoots(argument: _smee_boot_v1_ListBootsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  listBoots(argument: _smee_boot_v1_ListBootsRequest, callback: grpc.requestCallback<_smee_boot_v1_ListBootsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * One stream per running service: a Hello, then its events as they happen. The answer comes when the service closes it.
   */
  ReportEvents(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  ReportEvents(metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  ReportEvents(options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  ReportEvents(callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  /**
   * One stream per running service: a Hello, then its events as they happen. The answer comes when the service closes it.
   */
  reportEvents(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  reportEvents(metadata: grpc.Metadata, callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  reportEvents(options: grpc.CallOptions, callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  reportEvents(callback: grpc.requestCallback<_smee_boot_v1_ReportEventsResponse__Output>): grpc.ClientWritableStream<_smee_boot_v1_ReportEventsRequest>;
  
  /**
   * Events as they are stored, with the boots that they changed. Ends with RESOURCE_EXHAUSTED for who reads too slowly: come
   * back with the last id seen.
   */
  WatchEvents(argument: _smee_boot_v1_WatchEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_boot_v1_WatchEventsResponse__Output>;
  WatchEvents(argument: _smee_boot_v1_WatchEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_boot_v1_WatchEventsResponse__Output>;
  /**
   * Events as they are stored, with the boots that they changed. Ends with RESOURCE_EXHAUSTED for who reads too slowly: come
   * back with the last id seen.
   */
  watchEvents(argument: _smee_boot_v1_WatchEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_boot_v1_WatchEventsResponse__Output>;
  watchEvents(argument: _smee_boot_v1_WatchEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_smee_boot_v1_WatchEventsResponse__Output>;
  
}

/**
 * Why did my machine not boot?
 * 
 * Bad input is INVALID_ARGUMENT with google.rpc.BadRequest field violations, all of them at once.
 */
export interface BootServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * What each step of a boot would answer this machine now, and why: the services' own decisions, taken with the live record
   * and the settings that they reported. No packet is sent.
   */
  ExplainBoot: grpc.handleUnaryCall<_smee_boot_v1_ExplainBootRequest__Output, _smee_boot_v1_ExplainBootResponse>;
  
  /**
   * One boot with its events; NOT_FOUND when there is none.
   */
  GetBoot: grpc.handleUnaryCall<_smee_boot_v1_GetBootRequest__Output, _smee_boot_v1_GetBootResponse>;
  
  /**
   * Boots, the one that was heard of last first.
   */
  ListBoots: grpc.handleUnaryCall<_smee_boot_v1_ListBootsRequest__Output, _smee_boot_v1_ListBootsResponse>;
  
  /**
   * One stream per running service: a Hello, then its events as they happen. The answer comes when the service closes it.
   */
  ReportEvents: grpc.handleClientStreamingCall<_smee_boot_v1_ReportEventsRequest__Output, _smee_boot_v1_ReportEventsResponse>;
  
  /**
   * Events as they are stored, with the boots that they changed. Ends with RESOURCE_EXHAUSTED for who reads too slowly: come
   * back with the last id seen.
   */
  WatchEvents: grpc.handleServerStreamingCall<_smee_boot_v1_WatchEventsRequest__Output, _smee_boot_v1_WatchEventsResponse>;
  
}

export interface BootServiceDefinition extends grpc.ServiceDefinition {
  ExplainBoot: MethodDefinition<_smee_boot_v1_ExplainBootRequest, _smee_boot_v1_ExplainBootResponse, _smee_boot_v1_ExplainBootRequest__Output, _smee_boot_v1_ExplainBootResponse__Output>
  GetBoot: MethodDefinition<_smee_boot_v1_GetBootRequest, _smee_boot_v1_GetBootResponse, _smee_boot_v1_GetBootRequest__Output, _smee_boot_v1_GetBootResponse__Output>
  ListBoots: MethodDefinition<_smee_boot_v1_ListBootsRequest, _smee_boot_v1_ListBootsResponse, _smee_boot_v1_ListBootsRequest__Output, _smee_boot_v1_ListBootsResponse__Output>
  ReportEvents: MethodDefinition<_smee_boot_v1_ReportEventsRequest, _smee_boot_v1_ReportEventsResponse, _smee_boot_v1_ReportEventsRequest__Output, _smee_boot_v1_ReportEventsResponse__Output>
  WatchEvents: MethodDefinition<_smee_boot_v1_WatchEventsRequest, _smee_boot_v1_WatchEventsResponse, _smee_boot_v1_WatchEventsRequest__Output, _smee_boot_v1_WatchEventsResponse__Output>
}
