select
    category,
    count(*) as customers,
    sum(purchase_probability) as expected_buyers,
    avg(purchase_probability) as mean_probability,
    count(*) filter (where purchase_probability >= 0.5) as likely_customers
from marts.category_purchase_propensity
group by category
order by expected_buyers desc, category
limit 30
