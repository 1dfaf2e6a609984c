-- A shop of two regions, three stores, an app and a web shop, on Monday 2 March 2026: 90 customers who bought on some of 560
-- days, by rules that leave few of them in some cells and many in others. Every figure of the page can be asked of it.
insert into marts.publication (as_of_date, reporting_currency) values ('2026-03-02', 'CNY');
insert into marts.stores values
    ('s1', '1', 'Harbour', 'north'), ('s2', '2', 'Market', 'north'), ('s3', '3', 'Garden', 'south');
insert into marts.orders
select
    'o' || i as order_id,
    -- Some began to buy in January, and some in February: what they would have bought before guests did. Garden has few customers.
    case when i % 17 <> 0 and i * 11 % 560 < case when i * 7 % 90 < 40 or i % 15 = 0 then 560 when i * 7 % 90 < 58 then 27 when i * 7 % 90 < 76 then 57 else 200 end
        then 'c' || (i * 7 % 90) end as customer_id,
    case when i % 3 = 0 then case when i % 5 = 0 then 's3' when i % 7 = 0 then 's2' else 's1' end end as store_id,
    case when i % 3 = 0 then 'store' when i % 3 = 1 then 'app' else 'web' end as channel,
    case when i % 29 = 0 then -5.25 else 20 + i % 13 * 3.75 end as net_amount,
    i % 29 <> 0 as is_purchase,
    date '2026-03-01' - cast(i * 11 % 560 as integer) as ordered_on,
    date '2026-03-01' - cast(i * 11 % 560 as integer) + to_hours(i % 24) as ordered_at
from range(3000) as numbers (i);
insert into marts.order_lines
select order_id, 1 + line, ordered_on from marts.orders cross join range(2) as lines (line);
insert into marts.customer_rfm
select
    'c' || i, days.as_of_date, segments.code, segments.name_en, segments.name_zh, 100 + i, days.as_of_date = '2026-03-02'
from range(90) as numbers (i)
cross join (values (date '2026-03-02'), (date '2026-02-01'), (date '2026-01-01')) as days (as_of_date)
inner join (
    values (0, '111', 'champions', '重要价值'), (1, '101', 'big spenders to develop', '重要发展'), (2, '000', 'lost, low value', '一般挽留')
) as segments (rest, code, name_en, name_zh) on case when i < 78 then i % 2 else 2 end = segments.rest;
insert into marts.customer_360
    (customer_id, main_channel, main_channel_name_en, main_channel_name_zh, days_since_last, usual_gap_days,
        suggested_action_en, suggested_action_zh, last_purchase_on)
select 'c' || i, if(i % 3 = 0, 'store', 'app'), if(i % 3 = 0, 'Store', 'App'), if(i % 3 = 0, '门店', 'App'), i, 14, 'Thank them',
    '答谢', date '2026-03-01' - cast(i as integer)
from range(90) as numbers (i);
insert into marts.customers select 'c' || i, case when i % 3 = 0 then if(i % 2 = 0, 's1', 's3') end from range(90) as numbers (i);
insert into marts.customer_moves
select
    'c' || i, if(i % 4 = 3, 'churned', 'acquired'), if(i % 3 = 0, 'store', 'app'), if(i % 3 = 0, 'south', 'no_store'),
    case when i % 3 = 0 then 's3' end, date '2026-03-01' - cast(i * 4 % 140 as integer)
from range(90) as numbers (i);
insert into marts.customer_churn
select 'c' || i, level, upper(level[1]) || level[2:], '等级', 0.5 + i / 200
from range(90) as numbers (i)
inner join (values (0, 'red'), (1, 'orange'), (2, 'yellow'), (3, 'none')) as levels (rest, level) on i % 4 = rest;
insert into marts.customer_ltv select 'c' || i, 50 + 3 * i from range(90) as numbers (i);
insert into marts.customer_churn_reasons select 'c' || i, 1, ' ＝2+2, said "' || i || '"', '原因' from range(90) as numbers (i);
insert into marts.sessions
select if(i % 9 = 0, null, 'c' || ((i * 31 + i // 560 * 17) % if(i % 560 < 28, 80, 50))), i % 6 = 0, date '2026-03-01' - cast(i % 560 as integer)
from range(6000) as numbers (i);
insert into marts.kpi_daily (calendar_day, channel, region, customer_type, kpi, numerator, denominator, expected_numerator, expected_denominator, expected_value)
with sold as (

    select orders.*, coalesce(stores.region, 'no_store') as region
    from marts.orders as orders
    left join marts.stores as stores using (store_id)

),

cells as (

    select
        ordered_on, if(grouping(channel) = 0, channel, 'all') as channel, if(grouping(region) = 0, region, 'all') as region,
        sum(net_amount) as net_amount, count(*) filter (where is_purchase) as orders,
        count(*) filter (where is_purchase and customer_id is null) as guest_orders,
        count(distinct customer_id) filter (where is_purchase) as buyers,
        sum(net_amount) filter (where is_purchase) as spent_amount
    from sold
    group by ordered_on, cube (channel, region)

)

select ordered_on, channel, region, customer_type, kpi, numerator, denominator, 0.9 * numerator, 0.9 * denominator, 0.9 * numerator
from cells
cross join lateral (
    values
        ('all', 'net_revenue', net_amount, null), ('all', 'orders', orders, null), ('unknown', 'orders', guest_orders, null),
        ('all', 'buyers', buyers, null), ('all', 'average_order_value', spent_amount, orders), ('all', 'new_customers', orders // 2, null)
) as figures (customer_type, kpi, numerator, denominator)
union all
select started_on, 'all', 'all', 'all', kpi, numerator, denominator, 0.9 * numerator, denominator, null
from (select started_on, count(customer_id) as visits, count(customer_id) filter (where has_purchase) as buying from marts.sessions group by 1)
cross join lateral (values ('visits', visits, null), ('conversion_rate', buying, visits)) as figures (kpi, numerator, denominator);
update marts.kpi_daily set event_name_en = 'Our fair', event_name_zh = '店庆' where calendar_day = '2026-02-14';
insert into marts.kpi_monthly
select date_trunc('month', ordered_on), 'all', 'all', 'all', 'buyers', count(distinct customer_id) filter (where is_purchase), null, 40
from marts.orders group by 1;
insert into marts.store_daily
select store_id, ordered_on, count(*) filter (where is_purchase), count(*) filter (where is_purchase and customer_id is not null), sum(net_amount), 0, 0, 1.1 * sum(net_amount)
from marts.orders where store_id is not null group by 1, 2;
insert into marts.play_candidates
select 'c' || i, 'winback', 'Win-back', '唤回', '5 off', '减5', 'sms', 'Text message', '短信', if(i % 3 = 0, 'withdrawn', null),
    if(i % 3 = 0, 'Said no', null), if(i % 3 = 0, '已拒绝', null), 0, 0.25, i / 10 - 1
from range(60) as numbers (i);
insert into marts.audiences
select 'win_back', 'c' || i, 'marketing', 'sms', 'winback', case when i % 3 = 0 then 'excluded' when i < 9 then 'hold_out' else 'target' end,
    if(i % 3 = 0, 'Said no', null), if(i % 3 = 0, '已拒绝', null), 1.5
from range(60) as numbers (i);
insert into marts.campaigns (campaign_id, starts_on) values ('k1', '2026-01-10'), ('k2', '2025-11-01'), ('k3', '2025-10-01');
insert into marts.campaign_results
    (campaign_id, campaign_name, channel, arm, verdict, verdict_en, verdict_zh, contacted_count, member_count, contact_cost_amount, revenue_difference, low_revenue_difference, high_revenue_difference, is_measurable)
values
    ('k1', 'Spring', 'sms', 'treatment', 'pays', 'Pays', '划算', 300, 320, 15, 4.2, 1.1, 7.3, true),
    ('k2', 'Flyer', 'email', 'none', 'not_measurable', 'Not measurable', '无法衡量', 200, null, null, null, null, null, false),
    ('k3', 'Tiny', 'sms', 'treatment', 'too_few', 'Too few', '人数过少', 3, 3, 1, 9, null, null, true);
insert into marts.new_customer_conversion
select month, channel, people, if(month < '2026-02-01', 8, null), if(month < '2026-01-01', 10, null),
    if(month < '2025-12-01', 4, null), 55, month < '2026-03-01'
from (select cast(generate_series as date) as month from generate_series(date '2025-06-01', date '2026-03-01', interval 1 month))
cross join (values ('app', 20), ('store', 20), ('web', 3), ('phone', 4)) as channels (channel, people);
insert into marts.channel_performance
select cohort_month, 'search', 90, 12, 800, 400, is_complete from marts.new_customer_conversion where first_channel = 'app';
insert into marts.aarrr_monthly
select cohort_month, 'search', 12, if(cohort_month < '2026-02-01', 9, null), if(cohort_month < '2025-11-01', 6, null), 800, 90, is_complete
from marts.new_customer_conversion where first_channel = 'app';
insert into marts.customer_lifecycle
select 'c' || i, as_of_date, if(i < 3, 'reactivated', if(i % 2 = 0, 'active', 'lost')), if(i < 3, 'Reactivated', if(i % 2 = 0, 'Active', 'Lost')), '状态'
from range(90) as numbers (i) cross join (values (date '2026-02-01'), (date '2026-03-02')) as days (as_of_date);
insert into marts.cohort_retention
select date '2025-12-01', since, 40, if(since = 2, 3, 12), since < 3 from range(1, 4) as numbers (since);
insert into marts.products values ('p1', '1', 'Green tea');
insert into marts.inventory_health
    (product_id, store_id, category, stock_status, on_hand_quantity, days_of_cover, lead_time_days, reorder_quantity, transfer_quantity, transfer_store_id, stock_amount, overstock_amount, lost_amount)
values
    ('p1', 's1', 'tea', 'out', 0, 0, 3, 12, 5, 's2', 0, 0, 40), ('p1', 's2', 'tea', 'over', 90, 60, 3, 0, -5, 's1', 300, 120, 0),
    ('p1', 's3', 'tea', 'low', 2, 2, 3, 8, 0, null, 12, 0, 11);
insert into marts.demand_forecast values ('category', 'tea', 1, 30, 22, 41);
insert into marts.feed_freshness values ('on_time'), ('on_time'), ('too_small');
insert into marts.reconciliation values (true), (true), (true);
insert into marts.quarantine_summary values (4);
