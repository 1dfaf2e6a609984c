-- What each channel of marketing cost before the latest day of analysis, month by month. A month without a row cost
-- nobody knows what, which is not nothing.
select
    cast(date_trunc('month', spend.spent_on) as date) as spent_month,
    coalesce(spend.channel, 'unknown') as channel,
    cast(sum(spend.converted_amount) as decimal(18,2)) as spend_amount,
    cast(sum(spend.impression_count) as bigint) as impression_count,
    cast(sum(spend.click_count) as bigint) as click_count
from {{ accepted('channel_spend') }} as spend
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and spend.spent_on < latest.as_of_date
group by cast(date_trunc('month', spend.spent_on) as date), coalesce(spend.channel, 'unknown')
