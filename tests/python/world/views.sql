-- The delivered files as the generator meant them: each row once, without what is faulty on purpose.

create view lines as
select distinct on (order_id, line_no) * from (
    select 'pos:' || receipt_no as order_id, line_no, sku
    from read_csv('$landing/pos/receipt_lines/*.csv', all_varchar = true, ignore_errors = true, quote = '')
    where try_cast(amount as double) is not null and line_no::int < 500
    union all
    select 'shop:' || order_no, item_no::varchar, sku
    from read_json('$landing/shop/order_items/*.jsonl', ignore_errors = true)
);

create view receipts as
select distinct on (receipt_no) *, sold_at::timestamp as clock
from read_csv('$landing/pos/receipts/*.csv', all_varchar = true)
where regexp_matches(receipt_no, '^R[0-9]{9}$') and voided_at is null;

create view web_orders as
select distinct on (order_no) *, placed_at[:19]::timestamp as clock
from read_json('$landing/shop/orders/*.jsonl', ignore_errors = true, columns = {
    order_no: 'varchar', user_id: 'varchar', placed_at: 'varchar', state: 'varchar', closed_at: 'varchar',
    contact_phone: 'varchar', promised_at: 'varchar', delivered_at: 'varchar'})
where regexp_matches(order_no, '^W[0-9]{9}$');

create view campaigns as
select 'marketing:' || campaign_code as campaign_id, starts_on::date as starts_on, ends_on::date as ends_on
from read_csv('$landing/marketing/campaigns/*.csv', all_varchar = true) where starts_on <> 'soon';

create view stores as
select distinct * from read_csv('$landing/erp/stores/*.csv', all_varchar = true);

create view products as
select distinct on (sku) *
from read_csv('$landing/erp/products/*.csv', all_varchar = true)
where sku is not null;

create view promotions_delivered as
select distinct * from read_csv('$landing/erp/promotions/*.csv', all_varchar = true) where depth <> 'half';

create view consents_delivered as
select distinct * from read_csv('$landing/crm/consents/*.csv', all_varchar = true) where status <> 'maybe';

create view members as
select distinct on (member_no) *
from read_csv('$landing/crm/members/*.csv', all_varchar = true, ignore_errors = true)
where regexp_matches(member_no, '^M[0-9]{9}$');

create view users as
select distinct on (user_id) * from read_json('$landing/shop/users/*.jsonl', ignore_errors = true, columns = {
    user_id: 'varchar', mobile: 'varchar', email: 'varchar', unionid: 'varchar', nick_name: 'varchar',
    address: 'varchar'});

create view tickets as
select distinct on (ticket_no) * from read_csv('$landing/service/tickets/*.csv', all_varchar = true)
where opened_at <> 'yesterday';

create view returns as
select distinct on (return_no) * from read_csv('$landing/pos/returns/*.csv', all_varchar = true)
where amount not like '-%';

create view web_refunds as
select distinct on (refund_no) * from read_json('$landing/shop/refunds/*.jsonl', columns = {
    refund_no: 'varchar', order_no: 'varchar', amount: 'double'}) where amount > 0;

create view app_events as
select distinct on (event_id) * from read_parquet('$landing/app/events/*.parquet')
where event_type <> 'teleport' and occurred_at < '2030-01-01';

create view touches as
select distinct on (touch_no) *, coalesce(member_no, user_id) as account
from read_csv('$landing/marketing/touches/*.csv', all_varchar = true)
where campaign_code <> 'C99' and coalesce(member_no, user_id) is not null;

create view channel_spend as
select distinct on (spent_on, channel) * from read_csv('$landing/marketing/channel_spend/*.csv', all_varchar = true)
where channel <> 'unknown';

-- Each event with the visit to which it belongs, and the one that a pause of half an hour on its device would begin.
create view browsed as
select
    app_events.*,
    events.visit_id,
    events.person_id,
    visits.channel as came_by,
    sum(is_first::int) over (partition by device_id order by occurred_at, app_events.event_id) as session_number
from (
    select *, coalesce(occurred_at - lag(occurred_at) over (partition by device_id order by occurred_at, event_id)
        > interval 30 minute, true) as is_first
    from app_events
) as app_events
inner join events on 'app:' || app_events.event_id = events.event_id
inner join visits using (visit_id);

create view purchases as
select
    orders.*,
    order_id like 'shop:%' as is_online,
    coalesce(receipts.clock, web_orders.clock) as clock,
    stores.retail_type,
    web_orders.promised_at < web_orders.delivered_at as is_late
from orders
left join receipts on order_id = 'pos:' || receipt_no
left join web_orders on order_id = 'shop:' || order_no
left join stores using (store_code)
where is_purchase;

-- One row per person who has bought; `silent` is days since the last purchase.
create view buyers as
select
    persons.*,
    purchases,
    spend,
    first_on,
    dropped_out_on is null as is_alive,
    date_diff('day', last_on, date '2026-06-30') as silent
from persons
inner join (
    select person_id, count(*) as purchases, sum(sales_amount)::double as spend,
        min(ordered_on) as first_on, max(ordered_on) as last_on
    from purchases
    group by person_id
) using (person_id);

-- What each account carries; `digits` is the phone without its spelling.
create view identifiers as
select *, right(regexp_replace(mobile, '[^0-9]', '', 'g'), 11) as digits
from (
    select 'crm:' || member_no as account_id, mobile, email, full_name as name, address from members
    union all
    select 'shop:' || user_id, mobile, email, nick_name, address from users
)
inner join person_accounts using (account_id);

create view refunded as
select order_id, sum(amount) as amount
from (
    select coalesce('pos:' || receipt_no, 'shop:' || web_order_no) as order_id, amount::double as amount
    from returns
    union all
    select 'shop:' || order_no, amount from web_refunds
)
group by order_id;

create view asked as
select person_id, topic, opened_at[:10]::date as asked_on,
    coalesce('pos:' || receipt_no, 'shop:' || web_order_no) as order_id
from tickets
left join person_accounts on account_id = coalesce('crm:' || member_no, 'shop:' || user_id);

-- The share of rows that meet a condition, and among those that meet another.
create macro share
    (condition) as avg(condition::int),
    (condition, among) as avg(condition::int) filter (where among)
