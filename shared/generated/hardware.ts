import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValue as _google_protobuf_ListValue, ListValue__Output as _google_protobuf_ListValue__Output } from './google/protobuf/ListValue.ts';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from './google/protobuf/Struct.ts';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from './google/protobuf/Value.ts';
import type { ApplyHardwareRequest as _smee_hardware_v1_ApplyHardwareRequest, ApplyHardwareRequest__Output as _smee_hardware_v1_ApplyHardwareRequest__Output } from './smee/hardware/v1/ApplyHardwareRequest.ts';
import type { ApplyHardwareResponse as _smee_hardware_v1_ApplyHardwareResponse, ApplyHardwareResponse__Output as _smee_hardware_v1_ApplyHardwareResponse__Output } from './smee/hardware/v1/ApplyHardwareResponse.ts';
import type { ClasslessStaticRoute as _smee_hardware_v1_ClasslessStaticRoute, ClasslessStaticRoute__Output as _smee_hardware_v1_ClasslessStaticRoute__Output } from './smee/hardware/v1/ClasslessStaticRoute.ts';
import type { CreateHardwareRequest as _smee_hardware_v1_CreateHardwareRequest, CreateHardwareRequest__Output as _smee_hardware_v1_CreateHardwareRequest__Output } from './smee/hardware/v1/CreateHardwareRequest.ts';
import type { DeleteHardwareRequest as _smee_hardware_v1_DeleteHardwareRequest, DeleteHardwareRequest__Output as _smee_hardware_v1_DeleteHardwareRequest__Output } from './smee/hardware/v1/DeleteHardwareRequest.ts';
import type { DeleteHardwareResponse as _smee_hardware_v1_DeleteHardwareResponse, DeleteHardwareResponse__Output as _smee_hardware_v1_DeleteHardwareResponse__Output } from './smee/hardware/v1/DeleteHardwareResponse.ts';
import type { Dhcp as _smee_hardware_v1_Dhcp, Dhcp__Output as _smee_hardware_v1_Dhcp__Output } from './smee/hardware/v1/Dhcp.ts';
import type { Facility as _smee_hardware_v1_Facility, Facility__Output as _smee_hardware_v1_Facility__Output } from './smee/hardware/v1/Facility.ts';
import type { GetHardwareRequest as _smee_hardware_v1_GetHardwareRequest, GetHardwareRequest__Output as _smee_hardware_v1_GetHardwareRequest__Output } from './smee/hardware/v1/GetHardwareRequest.ts';
import type { Hardware as _smee_hardware_v1_Hardware, Hardware__Output as _smee_hardware_v1_Hardware__Output } from './smee/hardware/v1/Hardware.ts';
import type { HardwareEvent as _smee_hardware_v1_HardwareEvent, HardwareEvent__Output as _smee_hardware_v1_HardwareEvent__Output } from './smee/hardware/v1/HardwareEvent.ts';
import type { HardwareServiceClient as _smee_hardware_v1_HardwareServiceClient, HardwareServiceDefinition as _smee_hardware_v1_HardwareServiceDefinition } from './smee/hardware/v1/HardwareService.ts';
import type { Interface as _smee_hardware_v1_Interface, Interface__Output as _smee_hardware_v1_Interface__Output } from './smee/hardware/v1/Interface.ts';
import type { IpAddress as _smee_hardware_v1_IpAddress, IpAddress__Output as _smee_hardware_v1_IpAddress__Output } from './smee/hardware/v1/IpAddress.ts';
import type { Ipxe as _smee_hardware_v1_Ipxe, Ipxe__Output as _smee_hardware_v1_Ipxe__Output } from './smee/hardware/v1/Ipxe.ts';
import type { Isoboot as _smee_hardware_v1_Isoboot, Isoboot__Output as _smee_hardware_v1_Isoboot__Output } from './smee/hardware/v1/Isoboot.ts';
import type { ListHardwareRequest as _smee_hardware_v1_ListHardwareRequest, ListHardwareRequest__Output as _smee_hardware_v1_ListHardwareRequest__Output } from './smee/hardware/v1/ListHardwareRequest.ts';
import type { ListHardwareResponse as _smee_hardware_v1_ListHardwareResponse, ListHardwareResponse__Output as _smee_hardware_v1_ListHardwareResponse__Output } from './smee/hardware/v1/ListHardwareResponse.ts';
import type { Metadata as _smee_hardware_v1_Metadata, Metadata__Output as _smee_hardware_v1_Metadata__Output } from './smee/hardware/v1/Metadata.ts';
import type { Netboot as _smee_hardware_v1_Netboot, Netboot__Output as _smee_hardware_v1_Netboot__Output } from './smee/hardware/v1/Netboot.ts';
import type { Osie as _smee_hardware_v1_Osie, Osie__Output as _smee_hardware_v1_Osie__Output } from './smee/hardware/v1/Osie.ts';
import type { Pxelinux as _smee_hardware_v1_Pxelinux, Pxelinux__Output as _smee_hardware_v1_Pxelinux__Output } from './smee/hardware/v1/Pxelinux.ts';
import type { Rpi as _smee_hardware_v1_Rpi, Rpi__Output as _smee_hardware_v1_Rpi__Output } from './smee/hardware/v1/Rpi.ts';
import type { UpdateHardwareRequest as _smee_hardware_v1_UpdateHardwareRequest, UpdateHardwareRequest__Output as _smee_hardware_v1_UpdateHardwareRequest__Output } from './smee/hardware/v1/UpdateHardwareRequest.ts';
import type { WatchHardwareRequest as _smee_hardware_v1_WatchHardwareRequest, WatchHardwareRequest__Output as _smee_hardware_v1_WatchHardwareRequest__Output } from './smee/hardware/v1/WatchHardwareRequest.ts';
import type { WatchHardwareResponse as _smee_hardware_v1_WatchHardwareResponse, WatchHardwareResponse__Output as _smee_hardware_v1_WatchHardwareResponse__Output } from './smee/hardware/v1/WatchHardwareResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      ListValue: MessageTypeDefinition<_google_protobuf_ListValue, _google_protobuf_ListValue__Output>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_Struct, _google_protobuf_Struct__Output>
      Value: MessageTypeDefinition<_google_protobuf_Value, _google_protobuf_Value__Output>
    }
  }
  smee: {
    hardware: {
      v1: {
        ApplyHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_ApplyHardwareRequest, _smee_hardware_v1_ApplyHardwareRequest__Output>
        ApplyHardwareResponse: MessageTypeDefinition<_smee_hardware_v1_ApplyHardwareResponse, _smee_hardware_v1_ApplyHardwareResponse__Output>
        ClasslessStaticRoute: MessageTypeDefinition<_smee_hardware_v1_ClasslessStaticRoute, _smee_hardware_v1_ClasslessStaticRoute__Output>
        CreateHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_CreateHardwareRequest, _smee_hardware_v1_CreateHardwareRequest__Output>
        DeleteHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_DeleteHardwareRequest, _smee_hardware_v1_DeleteHardwareRequest__Output>
        DeleteHardwareResponse: MessageTypeDefinition<_smee_hardware_v1_DeleteHardwareResponse, _smee_hardware_v1_DeleteHardwareResponse__Output>
        Dhcp: MessageTypeDefinition<_smee_hardware_v1_Dhcp, _smee_hardware_v1_Dhcp__Output>
        Facility: MessageTypeDefinition<_smee_hardware_v1_Facility, _smee_hardware_v1_Facility__Output>
        GetHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_GetHardwareRequest, _smee_hardware_v1_GetHardwareRequest__Output>
        Hardware: MessageTypeDefinition<_smee_hardware_v1_Hardware, _smee_hardware_v1_Hardware__Output>
        HardwareEvent: MessageTypeDefinition<_smee_hardware_v1_HardwareEvent, _smee_hardware_v1_HardwareEvent__Output>
        /**
         * Who is this machine, and what may it boot?
         * 
         * Bad input is INVALID_ARGUMENT with google.rpc.BadRequest field violations, all of them at once.
         */
        HardwareService: SubtypeConstructor<typeof grpc.Client, _smee_hardware_v1_HardwareServiceClient> & { service: _smee_hardware_v1_HardwareServiceDefinition }
        Interface: MessageTypeDefinition<_smee_hardware_v1_Interface, _smee_hardware_v1_Interface__Output>
        IpAddress: MessageTypeDefinition<_smee_hardware_v1_IpAddress, _smee_hardware_v1_IpAddress__Output>
        Ipxe: MessageTypeDefinition<_smee_hardware_v1_Ipxe, _smee_hardware_v1_Ipxe__Output>
        Isoboot: MessageTypeDefinition<_smee_hardware_v1_Isoboot, _smee_hardware_v1_Isoboot__Output>
        ListHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_ListHardwareRequest, _smee_hardware_v1_ListHardwareRequest__Output>
        ListHardwareResponse: MessageTypeDefinition<_smee_hardware_v1_ListHardwareResponse, _smee_hardware_v1_ListHardwareResponse__Output>
        Metadata: MessageTypeDefinition<_smee_hardware_v1_Metadata, _smee_hardware_v1_Metadata__Output>
        Netboot: MessageTypeDefinition<_smee_hardware_v1_Netboot, _smee_hardware_v1_Netboot__Output>
        Osie: MessageTypeDefinition<_smee_hardware_v1_Osie, _smee_hardware_v1_Osie__Output>
        Pxelinux: MessageTypeDefinition<_smee_hardware_v1_Pxelinux, _smee_hardware_v1_Pxelinux__Output>
        Rpi: MessageTypeDefinition<_smee_hardware_v1_Rpi, _smee_hardware_v1_Rpi__Output>
        UpdateHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_UpdateHardwareRequest, _smee_hardware_v1_UpdateHardwareRequest__Output>
        WatchHardwareRequest: MessageTypeDefinition<_smee_hardware_v1_WatchHardwareRequest, _smee_hardware_v1_WatchHardwareRequest__Output>
        WatchHardwareResponse: MessageTypeDefinition<_smee_hardware_v1_WatchHardwareResponse, _smee_hardware_v1_WatchHardwareResponse__Output>
      }
    }
  }
}

