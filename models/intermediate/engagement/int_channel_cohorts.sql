-- Whom each channel won in a month, and what they were worth from then on: the money of the first day of purchases, of the
-- months that are over, and so far; and after how many months that had paid for what the channel cost in the month.
-- Before the first order of the data nobody saw what they bought.
with acquired as (

    select
        acquisition.customer_id,
        acquisition.acquired_month,
        coalesce(acquisition.acquisition_channel, 'unknown') as channel,
        acquisition.is_observed,
        beginnings.first_purchase_on
    from {{ ref('int_customer_acquisition') }} as acquisition
    left join {{ ref('int_first_purchases') }} as beginnings on acquisition.customer_id = beginnings.customer_id

),

cohorts as (

    select
        acquired_month,
        channel,
        is_observed,
        count(*) as acquired_count
    from acquired
    group by acquired_month, channel, is_observed

),

earned as (

    select
        acquired.acquired_month,
        acquired.channel,
        greatest(transactions.transacted_month, acquired.acquired_month) as earned_month,
        sum(transactions.net_amount) as earned_amount,
        sum(transactions.net_amount) filter (
            where transactions.is_purchase and transactions.transacted_on = acquired.first_purchase_on
        ) as first_purchase_amount
    from {{ ref('int_latest_transactions') }} as transactions
    inner join acquired on transactions.customer_id = acquired.customer_id
    group by acquired.acquired_month, acquired.channel, greatest(transactions.transacted_month, acquired.acquired_month)

),

added_up as (

    select
        cohorts.acquired_month,
        cohorts.channel,
        cohorts.is_observed,
        cohorts.acquired_count,
        12 * (extract(year from months.calendar_month) - extract(year from cohorts.acquired_month))
            + extract(month from months.calendar_month) - extract(month from cohorts.acquired_month) as months_since,
        months.days_since_month >= 0 and cohorts.is_observed as is_told,
        earned.first_purchase_amount,
        earned.earned_amount,
        sum(coalesce(earned.earned_amount, 0)) over (
            partition by cohorts.acquired_month, cohorts.channel order by months.calendar_month nulls last
        ) as revenue_amount
    from cohorts
    inner join {{ ref('int_months') }} as months on cohorts.acquired_month <= months.calendar_month
    left join earned
        on cohorts.acquired_month = earned.acquired_month
        and cohorts.channel = earned.channel
        and months.calendar_month = earned.earned_month

)

select
    added_up.acquired_month,
    added_up.channel,
    added_up.is_observed,
    added_up.acquired_count,
    case
        when added_up.is_observed then cast(coalesce(sum(added_up.first_purchase_amount), 0) as decimal(18,2))
    end as first_purchase_amount,
    cast(coalesce(sum(added_up.earned_amount), 0) as decimal(18,2)) as revenue_amount,
    cast(max(added_up.revenue_amount) filter (where added_up.is_told and added_up.months_since = 12) as decimal(18,2))
        as revenue_after_12_months_amount,
    cast(
        min(added_up.months_since) filter (where added_up.is_told and added_up.revenue_amount >= spend.spend_amount) as bigint
    ) as payback_months
from added_up
left join {{ ref('int_channel_spend_months') }} as spend
    on added_up.acquired_month = spend.spent_month
    and added_up.channel = spend.channel
group by added_up.acquired_month, added_up.channel, added_up.is_observed, added_up.acquired_count
