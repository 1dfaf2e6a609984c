-- The reporting currency is worth itself on every plausible day.
select
    currency,
    rate as exchange_rate,
    valid_from,
    lead(valid_from) over (
        partition by currency order by valid_from nulls last
    ) as valid_to
from {{ ref('exchange_rates') }}
where reporting_currency = '{{ var("reporting_currency") }}'
    and currency <> reporting_currency
union all
select
    '{{ var("reporting_currency") }}',
    cast(1 as decimal(18,6)),
    cast('{{ var("earliest_business_date") }}' as date),
    cast(null as date)
