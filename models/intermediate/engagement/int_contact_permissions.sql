-- Whether a customer may be contacted through a channel, whatever for: something is permitted there, and nothing was refused. Each
-- purpose has an answer of its own; a no to any of them forbids to say that the customer prefers the channel.
select
    customer_id,
    channel,
    count(*) filter (where is_permitted) > 0 and count(*) filter (where reason = 'withdrawn') = 0 as is_permitted
from {{ ref('int_permissions') }}
group by customer_id, channel
