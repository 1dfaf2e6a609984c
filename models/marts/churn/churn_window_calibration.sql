with windows as (

    select * from {{ ref('int_churn_windows') }}

),

as_of_dates as (

    select * from {{ ref('int_as_of_dates') }}

),

calibration as (

    select
        cast(windows.window_days as bigint) as window_days,

        as_of_dates.as_of_date,
        windows.chosen_by,

        cast(windows.lost_customers as bigint) as lost_customer_count,
        windows.lost_share,
        cast(windows.silences as bigint) as silence_count,
        cast(windows.returns as bigint) as return_count,
        windows.return_rate,
        cast({{ var('lost_return_rate_max') }} as double) as return_rate_max,

        windows.chosen_by is not null as is_chosen
    from windows
    cross join as_of_dates
    where as_of_dates.is_latest

)

select * from calibration
