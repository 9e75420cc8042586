"""Contains all the data models used in inputs/outputs"""

from .accepted_out import AcceptedOut
from .accrual_out import AccrualOut
from .accrue_in import AccrueIn
from .act_cloud_event import ActCloudEvent
from .activity_data import ActivityData
from .activity_data_attributes import ActivityDataAttributes
from .activity_in import ActivityIn
from .activity_in_attributes import ActivityInAttributes
from .address_in import AddressIn
from .adjustment_in import AdjustmentIn
from .all_accepted_out import AllAcceptedOut
from .answer_out import AnswerOut
from .applied_in import AppliedIn
from .arm_out import ArmOut
from .arm_result_out import ArmResultOut
from .audit_out import AuditOut
from .backtest_in import BacktestIn
from .backtest_in_candidate import BacktestInCandidate
from .backtest_in_current_type_0 import BacktestInCurrentType0
from .backtest_in_source import BacktestInSource
from .backtest_out import BacktestOut
from .backtests_out import BacktestsOut
from .basket_out import BasketOut
from .batch_in import BatchIn
from .batch_out import BatchOut
from .both_out import BothOut
from .breaker_out import BreakerOut
from .campaign_audience_in import CampaignAudienceIn
from .campaign_audience_in_kind import CampaignAudienceInKind
from .campaign_audience_out import CampaignAudienceOut
from .campaign_audience_out_kind import CampaignAudienceOutKind
from .campaign_count_in import CampaignCountIn
from .campaign_count_out import CampaignCountOut
from .campaign_in import CampaignIn
from .campaign_list_fault_out import CampaignListFaultOut
from .campaign_list_out import CampaignListOut
from .campaign_out import CampaignOut
from .campaign_out_kind import CampaignOutKind
from .campaign_out_state import CampaignOutState
from .campaign_plan_in import CampaignPlanIn
from .campaign_progress_out import CampaignProgressOut
from .campaign_step_out import CampaignStepOut
from .campaigns_out import CampaignsOut
from .candidate_rule_in import CandidateRuleIn
from .candidate_rule_in_document import CandidateRuleInDocument
from .candidate_rule_in_kind import CandidateRuleInKind
from .cell_out import CellOut
from .challenge_out import ChallengeOut
from .check_discount_in import CheckDiscountIn
from .check_in import CheckIn
from .check_in_channel import CheckInChannel
from .code_out import CodeOut
from .code_pool_out import CodePoolOut
from .code_pool_out_kind import CodePoolOutKind
from .code_pool_out_redeem_by import CodePoolOutRedeemBy
from .code_use_in import CodeUseIn
from .codes_in import CodesIn
from .codes_out import CodesOut
from .column_out import ColumnOut
from .command_out import CommandOut
from .command_out_status import CommandOutStatus
from .consent_in import ConsentIn
from .consent_in_channel import ConsentInChannel
from .consent_in_purpose import ConsentInPurpose
from .consent_out import ConsentOut
from .consents_out import ConsentsOut
from .controls_out import ControlsOut
from .deliveries_out import DeliveriesOut
from .delivery_out import DeliveryOut
from .delivery_stop_in import DeliveryStopIn
from .dependency_out import DependencyOut
from .dependency_out_breaker import DependencyOutBreaker
from .diff_out import DiffOut
from .difference_out import DifferenceOut
from .discard_in import DiscardIn
from .discount_out import DiscountOut
from .distance_out import DistanceOut
from .effect_out import EffectOut
from .enrol_in import EnrolIn
from .entered_in import EnteredIn
from .entry_out import EntryOut
from .erase_in import EraseIn
from .estimate_in import EstimateIn
from .estimate_in_order import EstimateInOrder
from .estimate_out import EstimateOut
from .experiment_out import ExperimentOut
from .experiments_out import ExperimentsOut
from .explanation_out import ExplanationOut
from .explanations_out import ExplanationsOut
from .export_out import ExportOut
from .fault_out import FaultOut
from .finding_out import FindingOut
from .findings_out import FindingsOut
from .identify_in import IdentifyIn
from .identify_in_by import IdentifyInBy
from .import_out import ImportOut
from .inbox_message_out import InboxMessageOut
from .inbox_out import InboxOut
from .inquire_in import InquireIn
from .interval_out import IntervalOut
from .lane_out import LaneOut
from .ledger_out import LedgerOut
from .ledger_out_balances_type_0 import LedgerOutBalancesType0
from .letter_out import LetterOut
from .letters_out import LettersOut
from .line_in import LineIn
from .line_in_kind import LineInKind
from .list_deliveries_status import ListDeliveriesStatus
from .list_letters_status import ListLettersStatus
from .list_rules_section_type_0 import ListRulesSectionType0
from .live_response_live_health_live_get import LiveResponseLiveHealthLiveGet
from .lot_out import LotOut
from .mark_in import MarkIn
from .mark_in_state import MarkInState
from .mark_out import MarkOut
from .member_finding_out import MemberFindingOut
from .member_out import MemberOut
from .merge_in import MergeIn
from .new_rule_in import NewRuleIn
from .new_rule_in_rule import NewRuleInRule
from .new_rule_in_section import NewRuleInSection
from .no_discount_out import NoDiscountOut
from .offer_out import OfferOut
from .offers_out import OffersOut
from .order_cloud_event import OrderCloudEvent
from .order_data import OrderData
from .order_data_attributes import OrderDataAttributes
from .order_data_channel import OrderDataChannel
from .order_in import OrderIn
from .order_in_attributes import OrderInAttributes
from .order_in_channel import OrderInChannel
from .order_in_kind import OrderInKind
from .outcomes_out import OutcomesOut
from .outcomes_out_outcomes import OutcomesOutOutcomes
from .outcomes_out_outcomes_additional_property import (
    OutcomesOutOutcomesAdditionalProperty,
)
from .pace_in import PaceIn
from .pace_out import PaceOut
from .personal_offer_out import PersonalOfferOut
from .personal_offers_out import PersonalOffersOut
from .pool_in import PoolIn
from .pos_member_out import PosMemberOut
from .pos_out import PosOut
from .pos_out_status import PosOutStatus
from .preview_in import PreviewIn
from .preview_in_template_type_0 import PreviewInTemplateType0
from .preview_in_values import PreviewInValues
from .preview_out import PreviewOut
from .problem_out import ProblemOut
from .profile_in import ProfileIn
from .profile_out import ProfileOut
from .program_out import ProgramOut
from .program_out_document import ProgramOutDocument
from .program_version_out import ProgramVersionOut
from .progress_out import ProgressOut
from .publication_in import PublicationIn
from .question_out import QuestionOut
from .questions_out import QuestionsOut
from .queued_out import QueuedOut
from .ready_out import ReadyOut
from .ready_out_checks import ReadyOutChecks
from .ready_out_dependencies import ReadyOutDependencies
from .ready_out_status import ReadyOutStatus
from .redeem_in import RedeemIn
from .redemption_in import RedemptionIn
from .redemption_in_channel_type_0 import RedemptionInChannelType0
from .redemption_out import RedemptionOut
from .redrive_in import RedriveIn
from .redrive_in_document_type_0 import RedriveInDocumentType0
from .refund_in import RefundIn
from .refund_line_in import RefundLineIn
from .reinstatement_in import ReinstatementIn
from .rejection_in import RejectionIn
from .replay_in import ReplayIn
from .replay_in_event_types_type_0_item import ReplayInEventTypesType0Item
from .replayed_out import ReplayedOut
from .reservation_in import ReservationIn
from .reservation_in_channel_type_0 import ReservationInChannelType0
from .reservation_out import ReservationOut
from .result_out import ResultOut
from .results_out import ResultsOut
from .reverse_in import ReverseIn
from .reward_out import RewardOut
from .rewards_out import RewardsOut
from .rewards_out_order import RewardsOutOrder
from .rotation_in import RotationIn
from .rule_difference_out import RuleDifferenceOut
from .rule_life_out import RuleLifeOut
from .rule_life_out_rule import RuleLifeOutRule
from .rule_out import RuleOut
from .rule_simulation_in import RuleSimulationIn
from .rule_version_in import RuleVersionIn
from .rule_version_in_rule import RuleVersionInRule
from .rules_out import RulesOut
from .search_in import SearchIn
from .simulation_in import SimulationIn
from .simulation_in_program_type_0 import SimulationInProgramType0
from .simulation_out import SimulationOut
from .stamps_out import StampsOut
from .start_import_kind import StartImportKind
from .step_in import StepIn
from .step_out import StepOut
from .stop_in import StopIn
from .stop_out import StopOut
from .streak_out import StreakOut
from .text_out import TextOut
from .till_wanted_in import TillWantedIn
from .till_wanted_in_channel_type_0 import TillWantedInChannelType0
from .transfer_in import TransferIn
from .version_out import VersionOut
from .version_out_rule import VersionOutRule
from .versions_out import VersionsOut
from .void_in import VoidIn
from .wake_in import WakeIn
from .wallet_gain_out import WalletGainOut
from .wallet_out import WalletOut
from .webhook_change_in import WebhookChangeIn
from .webhook_change_in_event_types_type_0_item import (
    WebhookChangeInEventTypesType0Item,
)
from .webhook_change_in_status_type_0 import WebhookChangeInStatusType0
from .webhook_in import WebhookIn
from .webhook_in_event_types_item import WebhookInEventTypesItem
from .webhook_out import WebhookOut
from .webhook_secret_out import WebhookSecretOut
from .webhooks_out import WebhooksOut
from .whole_letter_out import WholeLetterOut
from .whole_letter_out_document_type_0 import WholeLetterOutDocumentType0
from .withheld_out import WithheldOut
from .without_out import WithoutOut

__all__ = (
    "AcceptedOut",
    "AccrualOut",
    "AccrueIn",
    "ActCloudEvent",
    "ActivityData",
    "ActivityDataAttributes",
    "ActivityIn",
    "ActivityInAttributes",
    "AddressIn",
    "AdjustmentIn",
    "AllAcceptedOut",
    "AnswerOut",
    "AppliedIn",
    "ArmOut",
    "ArmResultOut",
    "AuditOut",
    "BacktestIn",
    "BacktestInCandidate",
    "BacktestInCurrentType0",
    "BacktestInSource",
    "BacktestOut",
    "BacktestsOut",
    "BasketOut",
    "BatchIn",
    "BatchOut",
    "BothOut",
    "BreakerOut",
    "CampaignAudienceIn",
    "CampaignAudienceInKind",
    "CampaignAudienceOut",
    "CampaignAudienceOutKind",
    "CampaignCountIn",
    "CampaignCountOut",
    "CampaignIn",
    "CampaignListFaultOut",
    "CampaignListOut",
    "CampaignOut",
    "CampaignOutKind",
    "CampaignOutState",
    "CampaignPlanIn",
    "CampaignProgressOut",
    "CampaignsOut",
    "CampaignStepOut",
    "CandidateRuleIn",
    "CandidateRuleInDocument",
    "CandidateRuleInKind",
    "CellOut",
    "ChallengeOut",
    "CheckDiscountIn",
    "CheckIn",
    "CheckInChannel",
    "CodeOut",
    "CodePoolOut",
    "CodePoolOutKind",
    "CodePoolOutRedeemBy",
    "CodesIn",
    "CodesOut",
    "CodeUseIn",
    "ColumnOut",
    "CommandOut",
    "CommandOutStatus",
    "ConsentIn",
    "ConsentInChannel",
    "ConsentInPurpose",
    "ConsentOut",
    "ConsentsOut",
    "ControlsOut",
    "DeliveriesOut",
    "DeliveryOut",
    "DeliveryStopIn",
    "DependencyOut",
    "DependencyOutBreaker",
    "DifferenceOut",
    "DiffOut",
    "DiscardIn",
    "DiscountOut",
    "DistanceOut",
    "EffectOut",
    "EnrolIn",
    "EnteredIn",
    "EntryOut",
    "EraseIn",
    "EstimateIn",
    "EstimateInOrder",
    "EstimateOut",
    "ExperimentOut",
    "ExperimentsOut",
    "ExplanationOut",
    "ExplanationsOut",
    "ExportOut",
    "FaultOut",
    "FindingOut",
    "FindingsOut",
    "IdentifyIn",
    "IdentifyInBy",
    "ImportOut",
    "InboxMessageOut",
    "InboxOut",
    "InquireIn",
    "IntervalOut",
    "LaneOut",
    "LedgerOut",
    "LedgerOutBalancesType0",
    "LetterOut",
    "LettersOut",
    "LineIn",
    "LineInKind",
    "ListDeliveriesStatus",
    "ListLettersStatus",
    "ListRulesSectionType0",
    "LiveResponseLiveHealthLiveGet",
    "LotOut",
    "MarkIn",
    "MarkInState",
    "MarkOut",
    "MemberFindingOut",
    "MemberOut",
    "MergeIn",
    "NewRuleIn",
    "NewRuleInRule",
    "NewRuleInSection",
    "NoDiscountOut",
    "OfferOut",
    "OffersOut",
    "OrderCloudEvent",
    "OrderData",
    "OrderDataAttributes",
    "OrderDataChannel",
    "OrderIn",
    "OrderInAttributes",
    "OrderInChannel",
    "OrderInKind",
    "OutcomesOut",
    "OutcomesOutOutcomes",
    "OutcomesOutOutcomesAdditionalProperty",
    "PaceIn",
    "PaceOut",
    "PersonalOfferOut",
    "PersonalOffersOut",
    "PoolIn",
    "PosMemberOut",
    "PosOut",
    "PosOutStatus",
    "PreviewIn",
    "PreviewInTemplateType0",
    "PreviewInValues",
    "PreviewOut",
    "ProblemOut",
    "ProfileIn",
    "ProfileOut",
    "ProgramOut",
    "ProgramOutDocument",
    "ProgramVersionOut",
    "ProgressOut",
    "PublicationIn",
    "QuestionOut",
    "QuestionsOut",
    "QueuedOut",
    "ReadyOut",
    "ReadyOutChecks",
    "ReadyOutDependencies",
    "ReadyOutStatus",
    "RedeemIn",
    "RedemptionIn",
    "RedemptionInChannelType0",
    "RedemptionOut",
    "RedriveIn",
    "RedriveInDocumentType0",
    "RefundIn",
    "RefundLineIn",
    "ReinstatementIn",
    "RejectionIn",
    "ReplayedOut",
    "ReplayIn",
    "ReplayInEventTypesType0Item",
    "ReservationIn",
    "ReservationInChannelType0",
    "ReservationOut",
    "ResultOut",
    "ResultsOut",
    "ReverseIn",
    "RewardOut",
    "RewardsOut",
    "RewardsOutOrder",
    "RotationIn",
    "RuleDifferenceOut",
    "RuleLifeOut",
    "RuleLifeOutRule",
    "RuleOut",
    "RuleSimulationIn",
    "RulesOut",
    "RuleVersionIn",
    "RuleVersionInRule",
    "SearchIn",
    "SimulationIn",
    "SimulationInProgramType0",
    "SimulationOut",
    "StampsOut",
    "StartImportKind",
    "StepIn",
    "StepOut",
    "StopIn",
    "StopOut",
    "StreakOut",
    "TextOut",
    "TillWantedIn",
    "TillWantedInChannelType0",
    "TransferIn",
    "VersionOut",
    "VersionOutRule",
    "VersionsOut",
    "VoidIn",
    "WakeIn",
    "WalletGainOut",
    "WalletOut",
    "WebhookChangeIn",
    "WebhookChangeInEventTypesType0Item",
    "WebhookChangeInStatusType0",
    "WebhookIn",
    "WebhookInEventTypesItem",
    "WebhookOut",
    "WebhookSecretOut",
    "WebhooksOut",
    "WholeLetterOut",
    "WholeLetterOutDocumentType0",
    "WithheldOut",
    "WithoutOut",
)
