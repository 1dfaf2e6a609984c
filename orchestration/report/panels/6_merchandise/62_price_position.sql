-- A product counts as much as we sell of it; one that was not sold of late, as nothing.
select
    competitor,
    category,
    count(*) as compared_count,
    sum(price_ratio * sales_amount::double) / nullif(sum(sales_amount::double) filter (where price_ratio is not null), 0)
        as price_ratio,
    count(*) filter (where price_position = 'dearer') as dearer,
    count(*) filter (where price_position = 'cheaper') as cheaper,
    max(observed_on) as observed_on
from marts.price_position
group by competitor, category
order by price_ratio desc nulls last, competitor, category
