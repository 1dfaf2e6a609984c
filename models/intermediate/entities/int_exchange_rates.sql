with rates as (

    select * from {{ ref('exchange_rates') }}

),

dated as (

    select
        currency,
        rate as exchange_rate,
        valid_from,
        lead(valid_from) over (
            partition by currency order by valid_from nulls last
        ) as valid_to
    from rates
    where reporting_currency = '{{ var("reporting_currency") }}'

)

select * from dated
