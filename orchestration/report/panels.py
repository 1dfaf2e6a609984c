"""What the page shows: for each panel the question put to the marts, its table and its figure.

All aggregation happens in SQL: no row of a single customer reaches the page. A column `x` that has
`x_en` and `x_zh` in the result is shown in the language of the reader; `…_share` is a percentage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from orchestration.report import figures
from orchestration.report.figures import Row
from orchestration.report.labels import Words
from orchestration.report.truth import IDENTITY, IDENTITY_THRESHOLDS, PLANTED_FAULTS

PUBLICATION = "select * from marts.publication"

KPIS = """
with orders as (
    select
        coalesce(sum(net_amount), 0)::double as net_revenue,
        (sum(net_amount) filter (where is_purchase) / count(*) filter (where is_purchase))::double
            as average_order
    from marts.orders
    where ordered_on < (select as_of_date from marts.publication)
),

customers as (
    select
        count(*) as customers,
        count(*) filter (where purchase_count >= 2)
            / nullif(count(*) filter (where purchase_count >= 1), 0) as repeat_share
    from marts.customers
),

spenders as (
    select
        count(*) filter (where rfm.frequency > 0) as active_buyers,
        count(*) filter (where churn.churn_level in ('red', 'orange')) as at_risk_customers,
        coalesce(
            sum(rfm.spend_amount) filter (where churn.churn_level in ('red', 'orange')), 0
        ) as at_risk_amount,
        at_risk_amount / nullif(sum(rfm.spend_amount), 0) as at_risk_share
    from (select * from marts.customer_rfm where is_latest) as rfm
    full join marts.customer_churn as churn on rfm.customer_id = churn.customer_id
)

select * from customers cross join spenders cross join orders
"""

SEGMENTS = """
select
    segment_code,
    coalesce(max(segment_name_en), segment_code) as segment_en,
    coalesce(max(segment_name_zh), segment_code) as segment_zh,
    count(*) as customers,
    count(*) / sum(count(*)) over () as customer_share,
    coalesce(sum(spend_amount), 0)::double as amount,
    coalesce(amount / nullif(sum(amount) over (), 0), 0) as amount_share
from marts.customer_rfm
where is_latest and segment_code is not null
group by segment_code
order by amount desc, segment_code
"""

RECENCY_FREQUENCY = """
select
    r_score,
    f_score,
    count(*) as customers,
    (sum(spend_amount) / count(*))::double as average_amount
from marts.customer_rfm
where is_latest and r_score is not null and f_score is not null
group by r_score, f_score
order by r_score desc, f_score desc
"""

# Of the latest whole month: a day of analysis within a month would show the moves of a few days.
SEGMENT_TRANSITIONS = """
select
    from_segment_code,
    to_segment_code,
    coalesce(from_segment_name_en, from_segment_code) as from_segment_en,
    coalesce(from_segment_name_zh, from_segment_code) as from_segment_zh,
    coalesce(to_segment_name_en, to_segment_code) as to_segment_en,
    coalesce(to_segment_name_zh, to_segment_code) as to_segment_zh,
    customer_count as customers,
    customer_count / sum(customer_count) over (partition by from_segment_code) as segment_share
from marts.rfm_segment_transitions
where from_segment_code is not null
    and to_segment_code is not null
    and as_of_date = (
        select max(as_of_date) from marts.rfm_segment_transitions where day(as_of_date) = 1
    )
order by from_segment_code desc, to_segment_code desc
"""

LIFECYCLE = """
select
    as_of_date,
    {column} as code,
    coalesce(max({column}_name_en), {column}) as {column}_en,
    coalesce(max({column}_name_zh), {column}) as {column}_zh,
    count(*) as customers
from marts.customer_lifecycle
where {column} is not null
group by as_of_date, {column}
order by as_of_date, code
"""

# The latest year of cohorts: more would leave no room for the figures in the cells.
COHORT_RETENTION = """
select
    cohort_month,
    months_since,
    customer_count as customers,
    retained_count as retained_customers,
    retained_share,
    cumulative_amount_per_customer
from marts.cohort_retention
where is_complete and months_since > 0
qualify dense_rank() over (order by cohort_month desc) <= 12
order by cohort_month, months_since
"""

CHURN_WINDOWS = """
select
    window_days,
    lost_share,
    return_rate as return_share,
    silence_count,
    is_chosen,
    return_rate_max
from marts.churn_window_calibration
order by window_days
"""

CHURN_CAUSES = """
select
    max(cause_name_en) as cause_en,
    max(cause_name_zh) as cause_zh,
    count(*) as customers,
    count(*) filter (where is_from_survey) as surveyed,
    customers - surveyed as not_surveyed,
    count(*) / sum(count(*)) over () as customer_share
from marts.customer_churn_causes
group by cause
order by cause = 'unknown', customers desc, cause
"""

CHURN_LEVELS = """
select
    coalesce(max(churn.level_name_en), churn.churn_level) as level_en,
    coalesce(max(churn.level_name_zh), churn.churn_level) as level_zh,
    count(*) as customers,
    count(*) / sum(count(*)) over () as customer_share,
    coalesce(sum(rfm.spend_amount), 0)::double as amount,
    coalesce(amount / nullif(sum(amount) over (), 0), 0) as amount_share
from marts.customer_churn as churn
left join marts.customer_rfm as rfm on churn.customer_id = rfm.customer_id and rfm.is_latest
group by churn.churn_level
order by list_position(['red', 'orange', 'yellow', 'none'], churn.churn_level), churn.churn_level
"""

# A customer's reason holds that customer's own figure; over all of them it gives way to "…".
CHURN_REASONS = """
with reasons as (
    select churn_level, level_name_en, level_name_zh, unnest([
        {'code': reason_1, 'en': reason_1_en, 'zh': reason_1_zh},
        {'code': reason_2, 'en': reason_2_en, 'zh': reason_2_zh},
        {'code': reason_3, 'en': reason_3_en, 'zh': reason_3_zh}
    ]) as reason
    from marts.customer_churn
    where churn_level in ('red', 'orange', 'yellow')
),

counted as (
    select
        reason.code as reason_code,
        coalesce(
            max(regexp_replace(reason.en, '-?[0-9]+([.,][0-9]+)*%?', '…', 'g')), reason_code
        ) as reason_en,
        coalesce(
            max(regexp_replace(reason.zh, '-?[0-9]+([.,][0-9]+)*%?', '…', 'g')), reason_code
        ) as reason_zh,
        churn_level as level_code,
        coalesce(max(level_name_en), churn_level) as level_en,
        coalesce(max(level_name_zh), churn_level) as level_zh,
        count(*) as customers,
        sum(count(*)) over (partition by reason.code) as reason_customers
    from reasons
    where reason.code is not null
    group by reason.code, churn_level
)

select *
from counted
qualify dense_rank() over (order by reason_customers desc, reason_code) <= 8
order by
    reason_customers desc, reason_code, list_position(['red', 'orange', 'yellow'], level_code)
"""

RECONCILIATION = """
select
    source_system,
    entity,
    sum(rows_landed) as rows_landed,
    sum(rows_accepted) as rows_accepted,
    sum(rows_quarantined) as rows_quarantined,
    sum(rows_superseded) as rows_superseded,
    sum(rows_duplicate) as rows_duplicate,
    sum(rows_unattributed) as rows_unattributed,
    sum(amount_unattributed) as amount_unattributed,
    count(*) filter (where is_reconciled is not true) as unreconciled_days,
    unreconciled_days = 0 as is_reconciled
from marts.reconciliation
group by source_system, entity
order by is_reconciled, source_system, entity
"""

QUARANTINE = """
select
    source_system,
    entity,
    caught_at,
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    sum(row_count) as row_count,
    sum(amount) as amount
from marts.quarantine_summary
group by source_system, entity, caught_at, reason_code
having sum(row_count) > 0
order by row_count desc, source_system, entity, caught_at, reason_code
"""

# A feed with rows on at least this share of its days is silent on a day by exception, not by habit.
NEARLY_DAILY = 0.95

# A refused row may carry an impossible date, so only accepted rows of days that count speak here.
FRESHNESS = f"""
with days as (
    select
        reconciliation.source_system,
        reconciliation.entity,
        publication.as_of_date,
        case
            when reconciliation.rows_accepted > 0
                and reconciliation.business_on < publication.as_of_date
                then reconciliation.business_on
        end as busy_on
    from marts.reconciliation cross join marts.publication
),

feeds as (
    select
        source_system,
        entity,
        max(as_of_date) as as_of_date,
        max(busy_on) as last_business_on,
        date_diff('day', min(busy_on), last_business_on) + 1 as days,
        count(distinct busy_on) as busy_days
    from days
    group by source_system, entity
)

select
    source_system,
    entity,
    last_business_on,
    date_diff('day', last_business_on, as_of_date) - 1 as days_behind,
    case when busy_days >= {NEARLY_DAILY} * days then days - busy_days end as silent_days
from feeds
order by days_behind desc nulls last, source_system, entity
"""

REFUSED_LINKS = """
select
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    count(distinct account_id) filter (where other_account_id is null) as refused_accounts,
    count(*) filter (where other_account_id is not null) as refused_pairs
from marts.identity_refused_links
group by reason_code
order by refused_accounts + refused_pairs desc, reason_code
"""

# A group may have several reasons. Where the marts refuse links for one, they have its name.
REVIEW = """
with reasons as (
    select
        unnest(string_split(reason_codes, ', ')) as reason_code,
        account_count,
        is_cut
    from marts.identity_review
),

names as (
    select reason_code, max(reason_en) as reason_en, max(reason_zh) as reason_zh
    from marts.identity_refused_links
    group by reason_code
)

select
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    count(*) as group_count,
    count(*) filter (where is_cut) as cut_count,
    max(account_count) as largest_group
from reasons left join names using (reason_code)
group by reason_code
order by group_count desc, reason_code
"""

# The log goes back further; a comparison in which nothing changed leaves nothing in it.
ID_CHANGES = """
select
    compared_with,
    change_type,
    count(distinct former_customer_id) as former_customers,
    count(distinct customer_id) as customers_after,
    sum(account_count)::bigint as account_count
from marts.customer_id_changes
where compared_with = (select max(compared_with) from marts.customer_id_changes)
group by compared_with, change_type
order by change_type
"""

IDENTITY_QUALITY = """
select dataset, identifiers, method, threshold, precision, recall, f1, largest_cluster
from marts.identity_quality
order by dataset, identifiers, method, threshold nulls first
"""


@dataclass(frozen=True)
class Panel:
    """One question, answered by a table and, where `draw` is given, a figure above it.

    A panel that reads a file of the `truth` is shown only where that is told. One that reads
    `marts`, which older publications lack, is shown only where they are published and give it rows.
    """

    name: str
    query: str
    columns: tuple[str, ...]
    draw: Callable[[list[Row], Words], go.Figure] | None = None
    truth: str | None = None
    marts: tuple[str, ...] = ()


_SHARES = ("customers", "customer_share", "amount", "amount_share")

SECTIONS: dict[str, tuple[Panel, ...]] = {
    "segments": (
        Panel("segments", SEGMENTS, ("segment_code", "segment", *_SHARES), figures.segments),
        Panel(
            "recency_frequency",
            RECENCY_FREQUENCY,
            ("r_score", "f_score", "customers", "average_amount"),
            figures.recency_frequency,
        ),
        Panel(
            "segment_transitions",
            SEGMENT_TRANSITIONS,
            ("from_segment", "to_segment", "customers", "segment_share"),
            figures.segment_transitions,
            marts=("rfm_segment_transitions",),
        ),
    ),
    "lifecycle": (
        Panel(
            "lifecycle_states",
            LIFECYCLE.format(column="state"),
            ("as_of_date", "state", "customers"),
            figures.lifecycle_states,
        ),
        Panel(
            "lifecycle_stages",
            LIFECYCLE.format(column="stage"),
            ("as_of_date", "stage", "customers"),
            figures.lifecycle_stages,
        ),
        Panel(
            "cohort_retention",
            COHORT_RETENTION,
            (
                "cohort_month",
                "months_since",
                "customers",
                "retained_customers",
                "retained_share",
                "cumulative_amount_per_customer",
            ),
            figures.cohort_retention,
            marts=("cohort_retention",),
        ),
    ),
    "churn": (
        Panel("churn_levels", CHURN_LEVELS, ("level", *_SHARES), figures.churn_levels),
        Panel(
            "churn_reasons",
            CHURN_REASONS,
            ("reason", "level", "customers"),
            figures.churn_reasons,
        ),
        Panel(
            "churn_windows",
            CHURN_WINDOWS,
            ("window_days", "lost_share", "return_share", "silence_count", "is_chosen"),
            figures.churn_windows,
            marts=("churn_window_calibration",),
        ),
        Panel(
            "churn_causes",
            CHURN_CAUSES,
            ("cause", "customers", "customer_share", "not_surveyed", "surveyed"),
            figures.churn_causes,
            marts=("customer_churn_causes",),
        ),
    ),
    "quality": (
        Panel(
            "reconciliation",
            RECONCILIATION,
            (
                "source_system",
                "entity",
                "rows_landed",
                "rows_accepted",
                "rows_quarantined",
                "rows_superseded",
                "rows_duplicate",
                "rows_unattributed",
                "amount_unattributed",
                "is_reconciled",
                "unreconciled_days",
            ),
        ),
        Panel(
            "quarantine",
            QUARANTINE,
            ("source_system", "entity", "caught_at", "reason", "row_count", "amount"),
            figures.quarantine,
        ),
        Panel(
            "freshness",
            FRESHNESS,
            ("source_system", "entity", "last_business_on", "days_behind", "silent_days"),
        ),
        Panel(
            "refused_links",
            REFUSED_LINKS,
            ("reason", "refused_accounts", "refused_pairs"),
            marts=("identity_refused_links",),
        ),
        Panel(
            "identity_review",
            REVIEW,
            ("reason", "group_count", "cut_count", "largest_group"),
            marts=("identity_review", "identity_refused_links"),
        ),
        Panel(
            "customer_id_changes",
            ID_CHANGES,
            (
                "change_type",
                "former_customers",
                "customers_after",
                "account_count",
                "compared_with",
            ),
            marts=("customer_id_changes",),
        ),
        Panel(
            "identity_quality",
            IDENTITY_QUALITY,
            (
                "dataset",
                "identifiers",
                "method",
                "threshold",
                "precision",
                "recall",
                "f1",
                "largest_cluster",
            ),
            figures.identity_quality,
            marts=("identity_quality",),
        ),
        Panel(
            "identity_truth",
            IDENTITY,
            (
                "precision",
                "recall",
                "f1",
                "linked_pairs",
                "true_pairs",
                "common_pairs",
                "compared_accounts",
                "unknown_accounts",
                "unpublished_accounts",
            ),
            truth="truth_accounts",
        ),
        Panel(
            "identity_thresholds",
            IDENTITY_THRESHOLDS,
            (
                "threshold",
                "precision",
                "recall",
                "f1",
                "linked_pairs",
                "true_pairs",
                "common_pairs",
            ),
            figures.identity_thresholds,
            truth="truth_accounts",
            marts=("identity_links",),
        ),
        Panel(
            "planted_faults",
            PLANTED_FAULTS,
            ("source_system", "entity", "caught_at", "reason", "planted", "found", "is_equal"),
            truth="truth_quarantine",
        ),
    ),
}
