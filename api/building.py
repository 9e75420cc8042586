"""The service with its real clients, from the settings."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from api.access import Verifier
from api.app import create_app
from api.console.app import ConsoleParts
from api.console.ways import way_in_of
from api.contacts import ContactKey
from api.cross_origin import origins_of
from api.dependencies import wall_clock
from api.gate import verifier_of
from api.guarding import Guards
from api.parts import Stores
from api.sending import DeliveryStores, Sending
from api.throttle import Budgets
from delivery.choices import delivery_key, target_rules
from delivery.web import SafeClient
from runtime.settings import Settings, told_settings
from runtime.tracing import set_up_tracing
from schemas.events import EventCodec
from schemas.registries import registry_at
from stores.analytics import ClickHouseAnalytics
from stores.audiences import ClickHouseAudiences
from stores.backtests import RedisBacktests
from stores.campaigns import RedisCampaigns
from stores.clickhouse_questions import ClickHouseQuestions
from stores.code_lists import RedisCodeLists
from stores.command_notes import RedisCommandNotes
from stores.dead_letters import KafkaDeadLetters
from stores.delivery_controls import RedisDeliveryControls
from stores.email_addresses import RedisEmailAddresses
from stores.endpoints import RedisEndpoints
from stores.identities import RedisIdentities
from stores.imports import RedisImports
from stores.inbox import RedisInbox, RedisInboxBell
from stores.log_watch import KafkaLogWatch
from stores.member_feed import RedisMemberFeed
from stores.member_views import RedisMemberViews
from stores.memory_rate_limits import SafeRateLimits
from stores.outbox import RedisOutbox
from stores.program_log import KafkaProgramLog
from stores.program_log_contract import LivePrograms
from stores.programs import load_catalogue, load_document
from stores.publisher import KafkaPublisher, Publisher
from stores.rate_limits import RedisRateLimits
from stores.result_bell import RedisResultBell
from stores.saved_views import RedisSavedViews
from stores.shared_turns import SharedTurns
from stores.till_notes import RedisTillNotes
from stores.worker_reports import RedisWorkerReports

DAY_SECONDS: Final = 86_400


def build(settings: Settings, *, number: int | None = None) -> FastAPI:
    """
    Build the application with its real clients; `number` tells several apart.

    Raises: InvalidSettings, InvalidProgram, OSError, RegistryUnavailable.
    """
    set_up_tracing(settings, "api", _instance(settings, number))
    verifier = verifier_of(settings, wall_clock)
    catalogue = load_catalogue(settings.catalogue_file)
    codec = EventCodec(registry_at(settings.schema_registry_url))
    guards = Guards()
    publisher = guards.publisher(KafkaPublisher(settings.kafka_bootstrap_servers))
    program_log = KafkaProgramLog(
        settings.kafka_bootstrap_servers,
        load_document(Path(settings.program_file)),
        group_id=f"{settings.app_id}-api",
        publisher=publisher,
    )
    program_log.start()
    stores = _stores(settings, guards, publisher, program_log=program_log)
    app = create_app(
        stores,
        guards=guards.all(),
        codec=codec,
        programs=LivePrograms(program_log),
        publish_lead_ms=settings.publish_lead_ms,
        catalogue=catalogue,
        verifier=verifier,
        contact_key=_contact_key(settings),
        sending=_sending(settings, stores.deliveries),
        console=_console(settings, guards, verifier),
        budgets=Budgets.of(settings),
        origins=origins_of(settings),
        request_seconds_max=settings.request_timeout_ms / 1_000,
    )
    app.state.is_one_of_several = number is not None
    return app


def _instance(settings: Settings, number: int | None) -> str:
    address = f"{settings.api_host}:{settings.api_port}"
    return address if number is None else f"{address}/{number}"


def _stores(
    settings: Settings,
    guards: Guards,
    publisher: Publisher,
    *,
    program_log: KafkaProgramLog,
) -> Stores:
    redis_url, app_id = settings.redis_url, settings.app_id
    clickhouse = settings.clickhouse_url, settings.clickhouse_database
    limits = RedisRateLimits(redis_url, app_id)
    made = Stores(
        views=RedisMemberViews(redis_url, app_id),
        feed=RedisMemberFeed(redis_url, app_id),
        result_bell=RedisResultBell(redis_url, app_id),
        analytics=ClickHouseAnalytics(*clickhouse),
        questions=ClickHouseQuestions(*clickhouse),
        publisher=publisher,
        notes=RedisCommandNotes(
            redis_url, app_id, result_ttl_seconds=settings.result_ttl_seconds
        ),
        backtests=RedisBacktests(
            redis_url, app_id, kept_days=settings.backtests_kept_days
        ),
        campaigns=RedisCampaigns(redis_url, app_id),
        audiences=ClickHouseAudiences(*clickhouse),
        program_log=program_log,
        limits=SafeRateLimits(SharedTurns(guards.limits(limits))),
        identities=RedisIdentities(redis_url, app_id),
        code_lists=RedisCodeLists(redis_url, app_id),
        till_notes=RedisTillNotes(redis_url, app_id),
        imports=RedisImports(redis_url, app_id),
        dead_letters=KafkaDeadLetters(
            settings.kafka_bootstrap_servers, app_id, settings.partitions
        ),
        saved_views=RedisSavedViews(redis_url, app_id),
        worker_reports=RedisWorkerReports(redis_url, app_id),
        deliveries=_deliveries(settings),
    )
    return guards.stores(made)


def _sending(settings: Settings, stores: DeliveryStores) -> Sending:
    client = SafeClient(target_rules(settings), timeout_ms=settings.webhook_timeout_ms)
    return Sending(stores, delivery_key(settings), client.check)


def _deliveries(settings: Settings) -> DeliveryStores:
    redis_url, app_id = settings.redis_url, settings.app_id
    kept_seconds = settings.deliveries_kept_days * DAY_SECONDS
    return DeliveryStores(
        outbox=RedisOutbox(redis_url, app_id, kept_seconds=kept_seconds),
        controls=RedisDeliveryControls(redis_url, app_id),
        endpoints=RedisEndpoints(redis_url, app_id),
        inbox=RedisInbox(redis_url, app_id),
        bell=RedisInboxBell(redis_url, app_id),
        addresses=RedisEmailAddresses(redis_url, app_id),
    )


def _console(
    settings: Settings, guards: Guards, verifier: Verifier | None
) -> ConsoleParts:
    watch = KafkaLogWatch(
        settings.kafka_bootstrap_servers, settings.app_id, settings.partitions
    )
    return ConsoleParts(
        guards.watch(watch),
        way_in_of(settings, verifier),
        settings.console_secret,
        told_settings(settings),
    )


def _contact_key(settings: Settings) -> ContactKey | None:
    secret = settings.identity_key.get_secret_value()
    if not secret:
        return None
    return ContactKey(secret, country_code=settings.phone_country_code)
