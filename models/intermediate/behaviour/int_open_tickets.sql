-- How long the oldest of a customer's tickets has been waiting, of those that were open on the latest day.
with latest as (

    select as_of_date from {{ ref('int_as_of_dates') }} where is_latest

)

select
    account_customers.customer_id,
    max({{ days_between('interactions.occurred_on', 'latest.as_of_date') }}) as open_days
from {{ accepted('interactions') }} as interactions
inner join {{ ref('int_account_customers') }} as account_customers
    on interactions.account_id = account_customers.account_id
inner join latest on interactions.occurred_on < latest.as_of_date
where interactions.interaction_type = 'ticket'
    and (interactions.resolved_on is null or interactions.resolved_on >= latest.as_of_date)
group by account_customers.customer_id
