-- The reporting currency is worth itself on every plausible day. Codes are in capitals, as those of deliveries are.
select
    upper(currency) as currency,
    rate as exchange_rate,
    valid_from,
    lead(valid_from) over (
        partition by upper(currency) order by valid_from nulls last
    ) as valid_to
from {{ ref('exchange_rates') }}
where upper(reporting_currency) = '{{ var("reporting_currency") | upper }}'
    and upper(currency) <> upper(reporting_currency)
union all
select
    '{{ var("reporting_currency") | upper }}',
    cast(1 as decimal(18,6)),
    cast('{{ var("earliest_business_date") }}' as date),
    cast(null as date)
