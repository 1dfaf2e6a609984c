-- All figures of which tags are made, one below the other, each with the days on which it holds. Where it is told apart in another way, a
-- tag needs a row of tag_rules and no model. What is not counted is null, and rests on one word of one system. A score is told as a share of the
-- highest, so that a rule holds however many scores there are.
with days as (

    select
        as_of_date,
        lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date,
        cast(date_trunc('month', as_of_date - interval '1' day) as date) as calendar_month
    from {{ ref('int_as_of_dates') }}

)

select
    customer_number,
    figure,
    item,
    valid_from,
    valid_to,
    amount,
    share,
    index_value,
    index_low,
    index_high,
    evidence_count,
    cast(null as string) as source_systems
from {{ ref('int_trait_figures') }}
union all
select
    customer_number, figure, item, valid_from, valid_to,
    cast(null as decimal(18,2)), cast(null as double), cast(null as double), cast(null as double), cast(null as double),
    cast(1 as bigint),
    source_system
from {{ ref('int_person_figures') }}
union all
select
    customers.customer_number, 'spend_score', cast(scores.m_score as string), days.as_of_date, days.next_as_of_date,
    scores.spend_amount, cast(scores.m_score as double) / {{ whole_number('rfm_scores', 2) }}, null, null, null,
    scores.frequency,
    null
from {{ ref('int_rfm_scores') }} as scores
inner join {{ ref('int_customers') }} as customers on scores.customer_id = customers.customer_id
inner join days on scores.as_of_date = days.as_of_date
union all
select
    customers.customer_number, 'membership_tier', {{ lower_ascii('tiers.membership_tier') }}, days.as_of_date, days.next_as_of_date,
    null, null, null, null, null,
    1,
    tiers.source_system
from {{ ref('int_member_tiers') }} as tiers
inner join {{ ref('int_customers') }} as customers on tiers.customer_id = customers.customer_id
inner join days on tiers.calendar_month = days.calendar_month
where tiers.membership_tier <> 'none'
