-- The log goes back further; a comparison in which nothing changed leaves nothing in it.
select
    compared_with,
    change_type,
    count(distinct former_customer_id) as former_customers,
    count(distinct customer_id) as customers_after,
    sum(account_count)::bigint as account_count
from marts.customer_id_changes
where compared_with = (select max(compared_with) from marts.customer_id_changes)
group by compared_with, change_type
order by change_type
