-- What is told on every day of analysis, while it says the same: days in a row that no rule can tell one from another are one row, with what
-- the last of them rests on. A rule asks for an item, which tells the share, and for some least evidence, above which more makes no
-- difference; where one asks for an amount, that tells days apart, too. Most days say what the day before said.
{%- set by_day = '(partition by customer_number order by valid_from nulls last)' %}

with asked as (

    select
        figure,
        min(least_evidence) as least_evidence,
        max(least_evidence) as most_evidence,
        min(case when measure = 'share' and comparison = 'at_least' then threshold else 0 end) as least_share,
        count(case when measure = 'amount' then 1 end) > 0 as is_amount_asked
    from {{ ref('tag_rules') }}
    group by figure

),

-- Figure by figure, since a fourth of the days is sorted in half the memory.
neighbours as (

    {%- for figure in ['spend_score', 'membership_tier', 'lifecycle_state', 'lifecycle_stage'] %}
    select
        told.*, {{ loop.index }} as figure_number, '{{ figure }}' as figure,
        coalesce(lag(valid_to) over {{ by_day }} = valid_from and lag(item) over {{ by_day }} = item and lag(evidence_asked) over {{ by_day }} = evidence_asked, false)
            and lag(amount_asked) over {{ by_day }} is not distinct from amount_asked as goes_on,
        coalesce(lead(valid_from) over {{ by_day }} = valid_to and lead(item) over {{ by_day }} = item and lead(evidence_asked) over {{ by_day }} = evidence_asked, false)
            and lead(amount_asked) over {{ by_day }} is not distinct from amount_asked as is_followed
    from (
        select
            daily.customer_number, daily.item, daily.valid_from, daily.valid_to,
            daily.amount, daily.share, daily.evidence_count, daily.source_systems,
            least(daily.evidence_count, asked.most_evidence) as evidence_asked,
            case when asked.is_amount_asked then daily.amount end as amount_asked
        from {{ ref('int_daily_figures') }} as daily
        inner join asked
            on daily.figure = asked.figure
            and daily.evidence_count >= asked.least_evidence
            and (daily.share >= asked.least_share or daily.share is null)
        where daily.figure = '{{ figure }}'
    ) as told
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

begun as (

    select
        neighbours.*,
        max(case when not goes_on then valid_from end) over (partition by customer_number, figure_number order by valid_from nulls last) as begun_on
    from neighbours
    where not (goes_on and is_followed)

)

select
    customer_number, figure, item, begun_on as valid_from, valid_to, valid_from as evidence_on,
    amount, share, evidence_count, source_systems
from begun
where not is_followed
