-- The customers whom a channel won in a month, step by step: acquired (registered, or ordered for
-- the first time), activated (bought soon after), retained (came back soon after that), referred
-- (won by word of mouth) and what they have spent. The days are of the seed lifecycle_rules. A step
-- is null until it could have happened to the last of the month, and for months before the first
-- order of the data, whose steps nobody saw.
with known as (

    select * from {{ ref('int_customer_known_since') }}

),

channels as (

    select * from {{ ref('int_customer_channels') }}

),

beginnings as (

    select * from {{ ref('int_first_purchases') }}

),

as_of_dates as (

    select * from {{ ref('int_as_of_dates') }}

),

rules as (

    select * from {{ ref('int_lifecycle_rules') }}

),

bounds as (

    select
        cast(date_trunc('month', min(as_of_date) - interval '1' day) as date) as first_month,
        max(as_of_date) as as_of_date
    from as_of_dates

),

acquired as (

    select
        cast(date_trunc('month', known.known_since) as date) as acquired_month,
        channels.acquisition_channel,
        {{ days_between('known.known_since', 'beginnings.first_purchase_on') }} as days_to_first,
        beginnings.days_to_second,
        beginnings.net_amount,
        bounds.first_month,
        bounds.as_of_date
    from known
    inner join bounds on known.known_since < bounds.as_of_date
    left join channels on known.customer_id = channels.customer_id
    left join beginnings on known.customer_id = beginnings.customer_id

),

stepped as (

    select
        acquired.*,
        days_to_first <= activation_days as is_activated,
        days_to_first <= activation_days and days_to_second <= retention_days as is_retained,
        case
            when acquired_month >= first_month
                then {{ days_between("cast(acquired_month + interval '1' month as date)", 'as_of_date') }}
        end as days_observed,
        activation_days,
        activation_days + retention_days as days_until_retained
    from acquired
    cross join rules

),

counted as (

    select
        acquired_month,
        acquisition_channel,

        count(*) as acquired_count,
        case
            when min(days_observed) >= max(activation_days) then count(*) filter (where is_activated)
        end as activated_count,
        case
            when min(days_observed) >= max(days_until_retained) then count(*) filter (where is_retained)
        end as retained_count,
        case
            when acquisition_channel is not null
                then count(*) filter (
                    where acquisition_channel in ('{{ var("referral_channels") | join("', '") }}')
                )
        end as referred_count,
        cast(coalesce(sum(net_amount), 0) as decimal(18,2)) as revenue_amount,

        coalesce(min(days_observed), 0) >= 0 as is_complete
    from stepped
    group by acquired_month, acquisition_channel

),

shared as (

    select
        counted.*,
        cast(activated_count as double) / acquired_count as activated_share,
        cast(retained_count as double) / acquired_count as retained_share
    from counted

)

select * from shared
