-- What is told on every day of analysis, while it says the same: days in a row that no rule can tell one from another are one row, with what
-- the last of them rests on. A rule asks for an item, which tells the share, and for some least evidence, above which more makes no
-- difference; where one asks for an amount, that tells days apart, too. Most days say what the day before said.
with asked as (

    select
        figure,
        row_number() over (order by figure nulls last) as figure_number,
        min(least_evidence) as least_evidence,
        max(least_evidence) as most_evidence,
        min(case when measure = 'share' and comparison = 'at_least' then threshold else 0 end) as least_share,
        count(case when measure = 'amount' then 1 end) > 0 as is_amount_asked
    from {{ ref('tag_rules') }}
    group by figure

),

told as (

    select
        daily.customer_number, asked.figure_number, daily.item, daily.valid_from, daily.valid_to,
        daily.amount, daily.share, daily.evidence_count, daily.source_systems,
        least(daily.evidence_count, asked.most_evidence) as evidence_asked,
        case when asked.is_amount_asked then daily.amount end as amount_asked
    from {{ ref('int_daily_figures') }} as daily
    inner join asked
        on daily.figure = asked.figure
        and daily.evidence_count >= asked.least_evidence
        and (daily.share >= asked.least_share or daily.share is null)

),

neighbours as (

    select
        told.*,
        coalesce(lag(valid_to) over by_day = valid_from and lag(item) over by_day = item and lag(evidence_asked) over by_day = evidence_asked, false)
            and lag(amount_asked) over by_day is not distinct from amount_asked as goes_on,
        coalesce(lead(valid_from) over by_day = valid_to and lead(item) over by_day = item and lead(evidence_asked) over by_day = evidence_asked, false)
            and lead(amount_asked) over by_day is not distinct from amount_asked as is_followed
    from told
    window by_day as (partition by customer_number, figure_number order by valid_from nulls last)

),

begun as (

    select
        neighbours.*,
        max(case when not goes_on then valid_from end) over (partition by customer_number, figure_number order by valid_from nulls last) as begun_on
    from neighbours
    where not (goes_on and is_followed)

)

select
    begun.customer_number, asked.figure, begun.item, begun.begun_on as valid_from, begun.valid_to, begun.valid_from as evidence_on,
    begun.amount, begun.share, begun.evidence_count, begun.source_systems
from begun
inner join asked on begun.figure_number = asked.figure_number
where not begun.is_followed
