-- For whole weeks, and for the gap that nearly all purchases keep within (lost_window_percentile): who is silent for longer
-- today, and how many of those who ever were came back untouched within the next churn_horizon_days.
-- Chosen is the shortest window after which few enough come back; where there is none, the percentile.
with silences as (

    select * from {{ ref('int_silences') }}

),

numbers as (

    {{ dbt.generate_series(whole_number('lost_window_max_weeks', 1)) }}

),

gaps as (

    select
        back_days,
        sum(sum(piece_count)) over (order by back_days nulls last) as gaps_so_far,
        sum(sum(piece_count)) over () as all_gaps
    from silences
    where back_days is not null
    group by back_days

),

percentile as (

    select min(back_days) as window_days
    from gaps
    where 100 * gaps_so_far >= {{ whole_number('lost_window_percentile', 1) }} * all_gaps

),

windows as (

    select cast(floor(7 * generated_number) as bigint) as window_days from numbers
    union
    select window_days from percentile

),

measured as (

    select
        windows.window_days,
        sum(silences.piece_count) filter (where silences.open_days is not null) as customers,
        sum(silences.piece_count) filter (where silences.open_days > windows.window_days)
            as lost_customers,
        sum(silences.piece_count) filter (
            where windows.window_days between silences.counted_from and silences.counted_until
        ) as silences,
        sum(silences.piece_count) filter (
            where windows.window_days between silences.counted_from and silences.counted_until
                and windows.window_days >= silences.returned_from
        ) as returns
    from windows
    cross join silences
    where windows.window_days is not null
    group by windows.window_days

),

rated as (

    select
        window_days,
        cast(coalesce(lost_customers, 0) as bigint) as lost_customers,
        cast(coalesce(lost_customers, 0) as double) / customers as lost_share,
        cast(coalesce(silences, 0) as bigint) as silences,
        cast(coalesce(returns, 0) as bigint) as returns,
        case
            when silences >= {{ var('lost_window_min_silences') }}
                then cast(coalesce(returns, 0) as double) / silences
        end as return_rate
    from measured

),

choices as (

    select
        min(rated.window_days) filter (where rated.return_rate < {{ var('lost_return_rate_max') }})
            as by_return_rate,
        max(percentile.window_days) as by_percentile
    from rated
    cross join percentile

),

judged as (

    select
        rated.*,
        case
            when rated.window_days = choices.by_return_rate then 'return_rate'
            when rated.window_days = choices.by_percentile and choices.by_return_rate is null
                then 'percentile'
        end as chosen_by
    from rated
    cross join choices
    -- Windows that hardly any silence has outlasted tell nothing.
    where rated.silences > 0 or rated.window_days = choices.by_percentile

)

select * from judged
