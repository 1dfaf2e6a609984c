-- Guest orders that were paid with cards of one customer are that customer's. Where two cards are of two, nothing else
-- that was left with the order decides between them: it stays a guest's.
select
    orders.order_id,
    case when count(distinct owners.cluster) = 1 then min(owners.cluster) end as cluster,
    case when count(distinct owners.cluster) > 1 then 'ambiguous' end as refusal_reason
from {{ ref('int_orders') }} as orders
inner join {{ accepted('payments') }} as payments on orders.order_id = payments.order_id
inner join {{ ref('int_identifier_owners') }} as owners
    on owners.identifier_type = 'card_token'
    and payments.card_token = owners.identifier_value
where orders.account_id is null
    and owners.cluster is not null
group by orders.order_id
