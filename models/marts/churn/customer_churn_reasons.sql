-- Why the risk is high: what raises it most, with its number in words. A feature counts from a fifth of
-- log-odds on, since less changes nobody's mind.
with contributions as (

    select * from {{ ref('int_churn_contributions') }}

),

features as (

    select * from {{ ref('churn_features') }}

),

as_of_dates as (

    select * from {{ ref('int_as_of_dates') }}

),

ranked as (

    select
        contributions.*,
        row_number() over (
            partition by customer_id
            order by contribution desc nulls last, feature nulls last
        ) as reason_rank
    from contributions
    where contribution >= 0.2
        and number is not null

),

reasons as (

    select
        ranked.customer_id,
        cast(ranked.reason_rank as bigint) as reason_rank,

        as_of_dates.as_of_date,
        ranked.feature as reason,
        {{ say_any_number('features.reason_en') }} as reason_name_en,
        {{ say_any_number('features.reason_zh') }} as reason_name_zh,
        {{ say_number('features.reason_en', 'ranked.number') }} as reason_en,
        {{ say_number('features.reason_zh', 'ranked.number') }} as reason_zh,

        {{ round_half_up('ranked.contribution', 9) }} as contribution
    from ranked
    inner join features on ranked.feature = features.feature
    cross join as_of_dates
    where ranked.reason_rank <= 3
        and as_of_dates.is_latest

)

select * from reasons
