-- The strongest identifier of a guest order that speaks for one customer decides. Where equally strong
-- ones speak for several customers, or none for one alone, the order stays a guest's.
with known as (

    select
        contacts.order_id,
        contacts.identifier_type,
        owners.rank,
        owners.customer_id,
        min(case when owners.customer_id is not null then owners.rank end) over (
            partition by contacts.order_id
        ) as deciding_rank
    from {{ ref('int_order_contacts') }} as contacts
    inner join {{ ref('int_identifier_owners') }} as owners
        on contacts.identifier_type = owners.identifier_type
        and contacts.identifier_value = owners.identifier_value

)

select
    order_id,
    {{ join_array('identifier_type', ', ') }} as identifier_type,
    case when count(distinct customer_id) = 1 then min(customer_id) end as customer_id,
    case when count(distinct customer_id) <> 1 then 'ambiguous' end as refusal_reason
from known
where deciding_rank is null
    or (rank = deciding_rank and customer_id is not null)
group by order_id
