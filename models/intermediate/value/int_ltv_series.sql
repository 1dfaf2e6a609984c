-- The coefficients of the hypergeometric series in the forecast of BG/NBD. Euler's transformation of
-- the published formula leaves one whose upper parameters know nothing of the customer:
--   (1-z)^(r+x) 2F1(r+x, b+x; c; z) = (1-z)^(a-1) 2F1(a-1, d; c; z),  c = a+b+x-1,  d = a+b-1-r
-- With c and a-1, which divide it in int_ltv_transactions_if_alive, taken out, the coefficient of z^n is
--   (a)_(n-1) (d)_n / ((c+1)_(n-1) n!)
-- a running product, summed as logarithms in decimals: the order of such a sum does not matter. Of its
-- factors only d+n-1 can be negative; where one is zero, so are all after it, for which -1000 stands.
with numbers as (

    {{ dbt.generate_series(whole_number('ltv_series_max_terms', 1)) }}

),

longest as (

    select
        axis,
        direction,
        repeat_days,
        max(terms) as terms
    from {{ ref('int_ltv_horizons') }}
    group by axis, direction, repeat_days

),

factors as (

    select
        longest.axis,
        longest.direction,
        longest.repeat_days,
        cast(numbers.generated_number as bigint) as term,
        parameter_sets.a + parameter_sets.b - parameter_sets.r + numbers.generated_number - 2
            as signed_factor,
        case
            when numbers.generated_number = 1 then cast(1 as double)
            else (parameter_sets.a + numbers.generated_number - 2)
                / (parameter_sets.a + parameter_sets.b + longest.repeat_days + numbers.generated_number - 2)
                / numbers.generated_number
        end as positive_factor
    from longest
    inner join {{ ref('int_ltv_parameter_sets') }} as parameter_sets
        on longest.axis = parameter_sets.axis
        and longest.direction = parameter_sets.direction
    inner join numbers on longest.terms >= numbers.generated_number

),

logarithms as (

    select
        axis,
        direction,
        repeat_days,
        term,
        case when signed_factor < 0 then 1 else 0 end as is_negative,
        cast(coalesce(ln(nullif(abs(signed_factor), 0)), -1000) + ln(positive_factor) as decimal(38,18))
            as log_factor
    from factors

)

select
    axis,
    direction,
    repeat_days,
    term,
    exp(cast(sum(log_factor) over earlier as double))
        * case when sum(is_negative) over earlier % 2 = 1 then -1 else 1 end as coefficient
from logarithms
window earlier as (
    partition by axis, direction, repeat_days
    order by term nulls last
    rows between unbounded preceding and current row
)
