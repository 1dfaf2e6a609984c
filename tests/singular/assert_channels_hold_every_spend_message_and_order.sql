-- What: what was spent, sent and ordered before the latest day of analysis is in the marts of channels, each of it once: spend
-- to the cent in channel_performance and aarrr_monthly, and in new_customer_conversion where somebody whom the channel won
-- began in the month; the net amount of all orders by each model of attribution, the
-- customers whom some channel won, and the messages; those to known customers also in customer_channel_preference.
-- Why: a channel looks dear or cheap by what is missing elsewhere.
-- Returns the figure whose sum differs.
with latest as (

    select as_of_date
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

ordered as (

    select sum(orders.net_amount) as amount
    from {{ ref('orders') }} as orders
    inner join latest on orders.ordered_on < latest.as_of_date

),

spent as (

    select sum(spend.converted_amount) as amount
    from {{ accepted('channel_spend') }} as spend
    inner join latest on spend.spent_on < latest.as_of_date

),

began as (

    select
        beginnings.cohort_month,
        coalesce(channels.acquisition_channel, 'unknown') as channel
    from {{ ref('int_first_purchases') }} as beginnings
    left join {{ ref('int_customer_channels') }} as channels on beginnings.customer_id = channels.customer_id
    group by beginnings.cohort_month, coalesce(channels.acquisition_channel, 'unknown')

),

borne as (

    select sum(spend.spend_amount) as amount
    from {{ ref('int_channel_spend_months') }} as spend
    inner join began
        on spend.spent_month = began.cohort_month
        and spend.channel = began.channel

),

performed as (

    select
        sum(spend_amount) as spend_amount,
        sum(sent_count) as sent_count,
        sum(acquired_count) as acquired_count
        {%- for model in attribution_models() %},
        sum(attributed_{{ model }}_amount) as {{ model }}_amount
        {%- endfor %}
    from {{ ref('channel_performance') }}

),

sent as (

    select
        count(*) as sent_count,
        count(account_customers.customer_id) as sent_to_customers_count
    from {{ accepted('touches') }} as touches
    inner join latest on touches.occurred_on < latest.as_of_date
    left join {{ ref('int_account_customers') }} as account_customers
        on touches.account_id = account_customers.account_id
    where touches.touch_type = 'sent'

),

sums as (

    select 'spend by channel' as figure, performed.spend_amount as found, spent.amount as expected
    from performed
    cross join spent
    union all
    select 'spend by acquisition', (select sum(spend_amount) from {{ ref('aarrr_monthly') }}), spent.amount
    from spent
    union all
    select 'spend by purchase', (select sum(spend_amount) from {{ ref('new_customer_conversion') }}), borne.amount
    from borne
    {%- for model in attribution_models() %}
    union all
    select 'orders by {{ model }}', performed.{{ model }}_amount, ordered.amount
    from performed
    cross join ordered
    {%- endfor %}
    union all
    select 'customers', performed.acquired_count, (select count(*) from {{ ref('int_customer_acquisition') }})
    from performed
    union all
    select 'messages', performed.sent_count, sent.sent_count
    from performed
    cross join sent
    union all
    select
        'messages to customers',
        (select sum(sent_count) from {{ ref('customer_channel_preference') }}),
        sent.sent_to_customers_count
    from sent

)

select figure, found, expected
from sums
where coalesce(found, 0) <> coalesce(expected, 0)
