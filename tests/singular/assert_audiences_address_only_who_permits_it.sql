-- What: everybody whom a rule names is in its audience once, and who is not left out has permitted its purpose and channel.
-- Why: a contact against somebody's word can't be taken back.
-- Returns audiences that have lost or doubled people, and people who are in one against their word.
select
    coalesce(named.audience, audiences.audience) as audience,
    coalesce(named.customer_id, audiences.customer_id) as customer_id
from {{ ref('audience_members') }} as named
full join {{ ref('audiences') }} as audiences
    on named.audience = audiences.audience
    and named.customer_id = audiences.customer_id
left join {{ ref('int_permissions') }} as permissions
    on audiences.customer_id = permissions.customer_id
    and audiences.purpose = permissions.purpose
    and audiences.channel = permissions.channel
where named.customer_id is null
    or audiences.customer_id is null
    or (audiences.audience_status <> 'excluded' and coalesce(permissions.is_permitted, false) = false)
