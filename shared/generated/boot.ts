import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Boot as _smee_boot_v1_Boot, Boot__Output as _smee_boot_v1_Boot__Output } from './smee/boot/v1/Boot.ts';
import type { BootEvent as _smee_boot_v1_BootEvent, BootEvent__Output as _smee_boot_v1_BootEvent__Output } from './smee/boot/v1/BootEvent.ts';
import type { BootServiceClient as _smee_boot_v1_BootServiceClient, BootServiceDefinition as _smee_boot_v1_BootServiceDefinition } from './smee/boot/v1/BootService.ts';
import type { ExplainBootRequest as _smee_boot_v1_ExplainBootRequest, ExplainBootRequest__Output as _smee_boot_v1_ExplainBootRequest__Output } from './smee/boot/v1/ExplainBootRequest.ts';
import type { ExplainBootResponse as _smee_boot_v1_ExplainBootResponse, ExplainBootResponse__Output as _smee_boot_v1_ExplainBootResponse__Output } from './smee/boot/v1/ExplainBootResponse.ts';
import type { Gap as _smee_boot_v1_Gap, Gap__Output as _smee_boot_v1_Gap__Output } from './smee/boot/v1/Gap.ts';
import type { GetBootRequest as _smee_boot_v1_GetBootRequest, GetBootRequest__Output as _smee_boot_v1_GetBootRequest__Output } from './smee/boot/v1/GetBootRequest.ts';
import type { GetBootResponse as _smee_boot_v1_GetBootResponse, GetBootResponse__Output as _smee_boot_v1_GetBootResponse__Output } from './smee/boot/v1/GetBootResponse.ts';
import type { Hello as _smee_boot_v1_Hello, Hello__Output as _smee_boot_v1_Hello__Output } from './smee/boot/v1/Hello.ts';
import type { ListBootsRequest as _smee_boot_v1_ListBootsRequest, ListBootsRequest__Output as _smee_boot_v1_ListBootsRequest__Output } from './smee/boot/v1/ListBootsRequest.ts';
import type { ListBootsResponse as _smee_boot_v1_ListBootsResponse, ListBootsResponse__Output as _smee_boot_v1_ListBootsResponse__Output } from './smee/boot/v1/ListBootsResponse.ts';
import type { Machine as _smee_boot_v1_Machine, Machine__Output as _smee_boot_v1_Machine__Output } from './smee/boot/v1/Machine.ts';
import type { ReportEventsRequest as _smee_boot_v1_ReportEventsRequest, ReportEventsRequest__Output as _smee_boot_v1_ReportEventsRequest__Output } from './smee/boot/v1/ReportEventsRequest.ts';
import type { ReportEventsResponse as _smee_boot_v1_ReportEventsResponse, ReportEventsResponse__Output as _smee_boot_v1_ReportEventsResponse__Output } from './smee/boot/v1/ReportEventsResponse.ts';
import type { StageSpan as _smee_boot_v1_StageSpan, StageSpan__Output as _smee_boot_v1_StageSpan__Output } from './smee/boot/v1/StageSpan.ts';
import type { Step as _smee_boot_v1_Step, Step__Output as _smee_boot_v1_Step__Output } from './smee/boot/v1/Step.ts';
import type { Summary as _smee_boot_v1_Summary, Summary__Output as _smee_boot_v1_Summary__Output } from './smee/boot/v1/Summary.ts';
import type { WatchEventsRequest as _smee_boot_v1_WatchEventsRequest, WatchEventsRequest__Output as _smee_boot_v1_WatchEventsRequest__Output } from './smee/boot/v1/WatchEventsRequest.ts';
import type { WatchEventsResponse as _smee_boot_v1_WatchEventsResponse, WatchEventsResponse__Output as _smee_boot_v1_WatchEventsResponse__Output } from './smee/boot/v1/WatchEventsResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  smee: {
    boot: {
      v1: {
        Boot: MessageTypeDefinition<_smee_boot_v1_Boot, _smee_boot_v1_Boot__Output>
        BootEvent: MessageTypeDefinition<_smee_boot_v1_BootEvent, _smee_boot_v1_BootEvent__Output>
        /**
         * Why did my machine not boot?
         * 
         * Bad input is INVALID_ARGUMENT with google.rpc.BadRequest field violations, all of them at once.
         */
        BootService: SubtypeConstructor<typeof grpc.Client, _smee_boot_v1_BootServiceClient> & { service: _smee_boot_v1_BootServiceDefinition }
        ExplainBootRequest: MessageTypeDefinition<_smee_boot_v1_ExplainBootRequest, _smee_boot_v1_ExplainBootRequest__Output>
        ExplainBootResponse: MessageTypeDefinition<_smee_boot_v1_ExplainBootResponse, _smee_boot_v1_ExplainBootResponse__Output>
        Gap: MessageTypeDefinition<_smee_boot_v1_Gap, _smee_boot_v1_Gap__Output>
        GetBootRequest: MessageTypeDefinition<_smee_boot_v1_GetBootRequest, _smee_boot_v1_GetBootRequest__Output>
        GetBootResponse: MessageTypeDefinition<_smee_boot_v1_GetBootResponse, _smee_boot_v1_GetBootResponse__Output>
        Hello: MessageTypeDefinition<_smee_boot_v1_Hello, _smee_boot_v1_Hello__Output>
        ListBootsRequest: MessageTypeDefinition<_smee_boot_v1_ListBootsRequest, _smee_boot_v1_ListBootsRequest__Output>
        ListBootsResponse: MessageTypeDefinition<_smee_boot_v1_ListBootsResponse, _smee_boot_v1_ListBootsResponse__Output>
        Machine: MessageTypeDefinition<_smee_boot_v1_Machine, _smee_boot_v1_Machine__Output>
        Outcome: EnumTypeDefinition
        ReportEventsRequest: MessageTypeDefinition<_smee_boot_v1_ReportEventsRequest, _smee_boot_v1_ReportEventsRequest__Output>
        ReportEventsResponse: MessageTypeDefinition<_smee_boot_v1_ReportEventsResponse, _smee_boot_v1_ReportEventsResponse__Output>
        Stage: EnumTypeDefinition
        StageSpan: MessageTypeDefinition<_smee_boot_v1_StageSpan, _smee_boot_v1_StageSpan__Output>
        Step: MessageTypeDefinition<_smee_boot_v1_Step, _smee_boot_v1_Step__Output>
        Summary: MessageTypeDefinition<_smee_boot_v1_Summary, _smee_boot_v1_Summary__Output>
        WatchEventsRequest: MessageTypeDefinition<_smee_boot_v1_WatchEventsRequest, _smee_boot_v1_WatchEventsRequest__Output>
        WatchEventsResponse: MessageTypeDefinition<_smee_boot_v1_WatchEventsResponse, _smee_boot_v1_WatchEventsResponse__Output>
      }
    }
  }
}

