-- The days between which an account shows signs of life: a number that another account has later may
-- be that of a new owner. Where a shop gives each checkout a number, all signs of it are of one day.
with signs as (

    select account_id, registered_on as seen_on, false as is_order from {{ ref('int_accounts') }}
    union all
    select account_id, ordered_on, true from {{ ref('int_orders') }} where account_id is not null
    union all
    select account_id, occurred_on, false from {{ accepted('events') }} where account_id is not null

)

select
    accounts.account_id,
    min(signs.seen_on) as first_seen_on,
    max(signs.seen_on) as last_seen_on,
    bool_or(signs.is_order) and min(signs.seen_on) = max(signs.seen_on) as is_of_one_day
from {{ ref('int_accounts') }} as accounts
inner join signs on accounts.account_id = signs.account_id
group by accounts.account_id
