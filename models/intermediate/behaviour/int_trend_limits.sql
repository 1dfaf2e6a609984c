-- How little is too little for chance, by how many purchase days two periods of equal length hold. Each of the n days of a
-- steady customer lies as likely in one period as in the other: the later one holds k of them with the probability
--   n! ÷ (k! (n − k)!) ÷ 2^n         (the conditional test of two Poisson rates, Przyborowski and Wilenski 1940).
-- What such a customer spends a time differs by Student's t of the logarithms, here by its normal equivalent
--   z = (8ν + 1) ÷ (8ν + 3) × √(ν ln(1 + t² ÷ ν)),  ν = n − 2                                        (Wallace 1959).
-- Two ways to fall share decline_chance_max. Its half is the chance p, and z that of p by Abramowitz and Stegun 26.2.23.
with numbers as (

    {{ dbt.generate_series(731) }}

),

days as (

    select
        cast(generated_number - 1 as bigint) as day_count,
        sum(ln(greatest(generated_number - 1, 1))) over (order by generated_number nulls last) as log_factorial
    from numbers

),

chances as (

    select
        decline_chance_max / 2 as chance,
        sqrt(-2 * ln(decline_chance_max / 2)) as root,
        2 * trend_days as day_count
    from {{ ref('int_lifecycle_rules') }} as rules

),

normal as (

    select
        chances.*,
        root
        - (2.515517 + 0.802853 * root + 0.010328 * power(root, 2))
        / (1 + 1.432788 * root + 0.189269 * power(root, 2) + 0.001308 * power(root, 3)) as deviations
    from chances

),

tails as (

    select
        alldays.day_count,
        normal.chance,
        normal.deviations,
        sum(
            exp(
                alldays.log_factorial - laterdays.log_factorial - earlierdays.log_factorial
                - alldays.day_count * ln(2)
            )
        ) over (partition by alldays.day_count order by laterdays.day_count nulls last) as tail
    from normal
    inner join days as alldays on alldays.day_count between 1 and normal.day_count
    inner join days as laterdays on laterdays.day_count <= alldays.day_count
    inner join days as earlierdays on earlierdays.day_count = alldays.day_count - laterdays.day_count

)

select
    day_count,
    count(*) filter (where tail <= chance) as steady_day_count,
    case
        when day_count > 2
            then {{ round_half_up(
                'exp(power(deviations * (8 * day_count - 13) / (8 * day_count - 15), 2) / (day_count - 2)) - 1', 6
            ) }}
    end as steady_spread
from tails
group by day_count, deviations
