-- The tier that every member had at the end of each month: the last of the account by then, and of several accounts the
-- highest; a tier without a row in the seed loyalty_tiers ranks lowest. One called
-- `all` is none, since loyalty_programme keeps the word for all tiers together.
{%- set height = "lpad(cast(coalesce(ranks.tier_rank, 0) as string), 9, '0') || held.membership_tier" %}

with held as (

    select
        account_customers.customer_id,
        tiers.source_system,
        coalesce(nullif(tiers.membership_tier, 'all'), 'none') as membership_tier,
        cast(date_trunc('month', tiers.valid_from) as date) as from_month,
        lead(cast(date_trunc('month', tiers.valid_from) as date)) over (
            partition by tiers.account_id order by tiers.valid_from nulls last, tiers._line nulls last
        ) as next_month
    from {{ accepted('membership_tiers') }} as tiers
    inner join {{ ref('int_account_customers') }} as account_customers on tiers.account_id = account_customers.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and tiers.valid_from < latest.as_of_date

)

select
    held.customer_id,
    months.calendar_month,
    max_by(coalesce(ranks.membership_tier, held.membership_tier), {{ height }}) as membership_tier,
    max_by(held.source_system, {{ height }} || ' ' || held.source_system) as source_system
from held
inner join {{ ref('int_months') }} as months
    on months.calendar_month >= held.from_month
    and (months.calendar_month < held.next_month or held.next_month is null)
left join {{ ref('loyalty_tiers') }} as ranks on lower(held.membership_tier) = ranks.membership_tier
group by held.customer_id, months.calendar_month
