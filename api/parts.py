"""What the service is built of: everything that it reaches outside."""

from dataclasses import dataclass

from api.sending import DeliveryStores
from stores.analytics_contract import Analytics
from stores.audiences_contract import Audiences
from stores.backtests_contract import Backtests
from stores.campaigns_contract import Campaigns
from stores.code_lists_contract import CodeLists
from stores.command_notes import CommandNotes
from stores.dead_letters_contract import DeadLetters
from stores.identities_contract import Identities
from stores.imports_contract import Imports
from stores.member_feed_contract import MemberFeed
from stores.member_views_contract import MemberViews
from stores.program_log_contract import ProgramLog
from stores.publisher import Publisher
from stores.questions_contract import Questions
from stores.rate_limits_contract import RateLimits
from stores.result_bell import ResultBell
from stores.saved_views import SavedViews
from stores.till_notes import TillNotes
from stores.worker_reports_contract import WorkerReports


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Every store of the service, real or in memory."""

    views: MemberViews
    feed: MemberFeed
    result_bell: ResultBell
    analytics: Analytics
    questions: Questions
    publisher: Publisher
    notes: CommandNotes
    backtests: Backtests
    campaigns: Campaigns
    audiences: Audiences
    program_log: ProgramLog
    limits: RateLimits
    identities: Identities
    code_lists: CodeLists
    till_notes: TillNotes
    imports: Imports
    dead_letters: DeadLetters
    saved_views: SavedViews
    worker_reports: WorkerReports
    deliveries: DeliveryStores

    async def close(self) -> None:
        """Let go of all of them; what writes comes first."""
        await self.program_log.close()
        await self.publisher.close()
        await self.views.close()
        await self.notes.close()
        await self.backtests.close()
        await self.campaigns.close()
        await self.audiences.close()
        await self.analytics.close()
        await self.questions.close()
        await self.limits.close()
        await self.identities.close()
        await self.code_lists.close()
        await self.till_notes.close()
        await self.dead_letters.close()
        await self.saved_views.close()
        await self.worker_reports.close()
        await self.deliveries.close()
