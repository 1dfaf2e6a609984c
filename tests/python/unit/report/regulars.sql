-- Six customers whose figures can be added up by hand.
update marts.key_figures
set as_of_date = '2026-03-01', customer_count = 6, active_buyer_count = 4, at_risk_customer_count = 3,
    net_amount = 1741.25, average_order_amount = 1751.25 / 9, at_risk_spend_amount = 200.75,
    repeat_share = 2 / 5, at_risk_spend_share = 200.75 / 821;

insert into marts.customer_rfm values
    ('anna', '2026-02-01', false, 9, 9999, 5, 5, '000', 'of an older date', '旧日期'),
    ('anna', '2026-03-01', true, 3, 600, 5, 5, '111', 'champions', '重要价值'),
    ('ben', '2026-03-01', true, 2, 120.50, 2, 4, '010', 'frequent, slipping away', '一般保持'),
    ('chen', '2026-03-01', true, 1, 80.25, 4, 3, '100', 'new or occasional', '一般发展'),
    ('dora', '2026-03-01', true, 1, 20.25, 4, 3, '100', 'new or occasional', '一般发展'),
    ('eve', '2026-03-01', true, 0, 0, 1, 1, '000', null, null);

-- In February one of two champions slipped away and one fell silent came back; a newcomer has no
-- segment before. January and the first day of March are not the latest whole month.
insert into marts.rfm_segment_transitions values
    ('2026-02-01', '111', '111', 'champions', '重要价值', 'champions', '重要价值', 9),
    ('2026-03-01', '111', '111', 'champions', '重要价值', 'champions', '重要价值', 1),
    ('2026-03-01', '111', '010', 'champions', '重要价值', 'frequent, slipping away', '一般保持', 1),
    ('2026-03-01', '000', '100', null, null, 'new or occasional', '一般发展', 1),
    ('2026-03-01', null, '100', null, null, 'new or occasional', '一般发展', 1),
    ('2026-03-02', '111', '111', 'champions', '重要价值', 'champions', '重要价值', 9);

-- March is in progress.
insert into marts.cohort_retention values
    ('2026-01-01', 0, 4, 4, 1, 50, true), ('2026-01-01', 1, 4, 1, 0.25, 60.5, true),
    ('2026-01-01', 2, 4, null, null, null, false), ('2025-12-01', 0, 2, 2, 1, 10, true),
    ('2025-12-01', 1, 2, 0, 0, 10, true), ('2025-12-01', 2, 2, 1, 0.5, 12.25, true);

insert into marts.customer_lifecycle
select
    customer_id, as_of_date, as_of_date = '2026-03-01',
    stage, stage, case stage when 'growth' then '成长' else '获取' end,
    state, state, case state when 'active' then '活跃' else '新客' end
from (values
    ('anna', date '2026-02-01', 'acquisition', 'new'), ('anna', '2026-03-01', 'growth', 'active'),
    ('ben', '2026-03-01', 'growth', 'active'), ('chen', '2026-03-01', 'acquisition', 'new')
) as states (customer_id, as_of_date, stage, state);

insert into marts.customer_flows values
    ('2026-02-01', 0, 3, 0, 0, 0, 3), ('2026-03-01', 3, 2, 1, 1, 1, 4);

insert into marts.churn_window_calibration values
    (7, 0.5, 400, 0.3, 0.1, false), (14, 0.25, 200, 0.09, 0.1, true), (21, 0.25, 50, null, 0.1, false);

insert into marts.customer_churn_causes values
    ('ben', 'unknown', 'Unknown', '未知', false), ('chen', 'unknown', 'Unknown', '未知', false),
    ('dora', 'price', 'Price', '价格', true), ('eve', 'experience', 'Experience', '体验', false),
    ('fay', 'price', 'Price', '价格', false);

insert into marts.customer_churn values
    ('anna', '2026-03-01', 'none', 'none', '无'), ('ben', '2026-03-01', 'red', 'red', '红色'),
    ('chen', '2026-03-01', 'orange', 'orange', '橙色'),
    ('dora', '2026-03-01', 'yellow', 'yellow', '黄色'), ('eve', '2026-03-01', 'red', 'red', '红色'),
    ('fay', '2026-03-01', 'gone', 'gone', '已流失');

-- A reason of somebody who is not at risk is not shown.
insert into marts.customer_churn_reasons values
    ('anna', 1, 'overdue', 'Silent for … usual gaps', '沉默达常规间隔…倍', 'Silent for 3 usual gaps'),
    ('ben', 1, 'overdue', 'Silent for … usual gaps', '沉默达常规间隔…倍', 'Silent for 3 usual gaps'),
    ('ben', 2, 'ticket', 'open ticket', '工单未解决', 'open ticket'),
    ('chen', 1, 'ticket', 'open ticket', '工单未解决', 'open ticket'),
    ('chen', 2, 'overdue', 'Silent for … usual gaps', '沉默达常规间隔…倍', 'Silent for 3 usual gaps'),
    ('dora', 1, 'overdue', 'Silent for … usual gaps', '沉默达常规间隔…倍', 'Silent for 3 usual gaps');

-- Five customers are five fifths. A fifth of 40 may be off by all of itself and more, one of 100 by a fifth.
insert into marts.customer_ltv values
    ('anna', 500, 100, 900.50, false), ('ben', 250, 0, 600, false), ('chen', 150, 0, 300, false),
    ('dora', 60, 0, 20, false), ('eve', 40, 0, 0, true);

insert into marts.ltv_holdout values
    (1, 40, 1.5, 20, true, 0.95, 0.95), (2, 60, 0.5, 70, true, 0.8, 0.82),
    (3, 100, 0.2, 130, false, 0.8, 0.75), (4, 300, 0.1, 290, true, 0.8, 0.8),
    (5, 500, 0.1, 520, true, 0.8, null);

-- Nobody unknown is seen to buy; the day of January is out of sight, and so is the form of seven days.
insert into marts.funnel_daily values
    ('2026-02-27', 'app', 'new', 'session', 'view', 1, 20, null, null, null, null, null, null, null),
    ('2026-02-27', 'app', 'new', 'session', 'cart', 2, 8, 20, 5, 10, 0.5, 0.6, -1.25, false),
    ('2026-02-27', 'app', 'new', 'session', 'checkout', 3, 2, 8, 3, 15, 0.2, 0.6, -4.5, true),
    ('2026-02-27', 'app', 'new', 'session', 'purchase', 4, 1, 2, 1, 2, 0.5, null, null, false),
    ('2026-02-27', 'app', 'unknown', 'session', 'cart', 2, 2, 5, 5, 10, 0.5, 0.6, -1.25, false),
    ('2026-02-27', 'app', 'unknown', 'session', 'checkout', 3, 1, 2, 3, 15, 0.2, 0.6, -4.5, true),
    ('2026-02-27', 'app', 'unknown', 'session', 'purchase', 4, null, 1, 1, 2, 0.5, null, null, false),
    ('2026-02-27', 'app', 'new', 'seven_days', 'cart', 2, 9, 20, null, null, null, null, null, null),
    ('2026-02-20', 'app', 'new', 'session', 'cart', 2, 6, 10, 6, 10, 0.6, 0.5, 0.75, false),
    ('2026-02-20', 'app', 'new', 'session', 'checkout', 3, 3, 6, 3, 6, 0.5, 0.5, 0, false),
    ('2025-12-01', 'app', 'new', 'session', 'cart', 2, 0, 99, 0, 99, 0, 0.5, -9, true);

insert into marts.feed_freshness values
    ('pos', 'orders', '2026-02-28', 0, 0, 'on_time'),
    ('shop', 'orders', '2026-02-26', 2, 0, 'too_small');

-- pos is complete; shop misses two days, has an unreadable date, and a quarantined day in 2099.
insert into marts.reconciliation values
    ('pos', 'orders', '2026-02-27', 1007, 990, 4, 3, 3, 7, 2, 12.50, true),
    ('pos', 'orders', '2026-02-28', 500, 500, 0, 0, 0, 0, 0, 0, true),
    ('shop', 'orders', '2026-02-26', 20, 18, 0, 0, 0, 0, 0, 0, false),
    ('shop', 'orders', '2099-01-01', 1, 0, 1, 0, 0, 0, 0, 0, true),
    ('shop', 'orders', null, 2, 0, 2, 0, 0, 0, 0, null, true);

insert into marts.quarantine_summary values
    ('pos', 'orders', 'validation', 'negative', 'negative amount', '金额为负', 4, -31.40),
    ('shop', 'orders', 'landing', 'bad_date', 'unreadable date', '日期无法读取', 2, null),
    ('shop', 'orders', 'validation', 'future', 'date in the future', '日期在未来', 1, 9.90);

insert into marts.identity_refused_links values
    ('anna-1', null, 'blocklisted', 'typed for nothing', '占位值'),
    ('ben-1', null, 'blocklisted', 'typed for nothing', '占位值'),
    ('ben-1', 'chen-1', 'other_hanzi', 'names differ', '名字不同'),
    ('ben-1', 'dora-1', 'unheard_of', null, null);

insert into marts.identity_review values
    ('other_hanzi, sparse', 5, true), ('sparse', 4, false), ('sparse', 14, false);

-- Only the latest comparison counts: anna and ben became anna, chen came.
insert into marts.customer_id_changes values
    ('000005-aaa', 'died', 'zoe', null, 1),
    ('000006-bbb', 'merged', 'anna', 'anna', 2),
    ('000006-bbb', 'merged', 'ben', 'anna', 1),
    ('000006-bbb', 'born', null, 'chen', 1);

-- An order of 100 came by e-mail and then by search; nothing led to one of 50, and one of 850 is older than a year.
insert into marts.order_attribution
with shares as (
    from (values
        ('first', 'a', 'email', 100), ('last', 'b', 'search', 100), ('last_non_direct', 'b', 'search', 100),
        ('linear', 'a', 'email', 50), ('linear', 'b', 'search', 50), ('time_decay', 'a', 'email', 25),
        ('time_decay', 'b', 'search', 75), ('position_based', 'a', 'email', 50),
        ('position_based', 'b', 'search', 50), ('markov', 'a', 'email', 60), ('markov', 'b', 'search', 40)
    ) as shares (attribution_model, touch_id, channel, net_amount)
)
select 'o1', touch_id, attribution_model, date '2026-02-01', channel, net_amount from shares
union all
select distinct 'o2', null, attribution_model, date '2026-02-02', 'direct', 50 from shares
union all
select distinct 'o3', null, attribution_model, date '2025-02-28', 'direct', 850 from shares;

insert into marts.conversion_paths values
    ('channel', 'first', 'email > search', 2, 3, 0.6, 4.5, 300), ('channel', 'first', 'none', 0, 2, 0.4, null, 80),
    ('channel', 'later', 'email > search', 2, 1, 1, 2, 100), ('page', 'first', 'home', 1, 5, 1, 0, 380);

insert into marts.customer_event_sequences values
    ('new', 'begin', 'view home', 3, 0.75), ('new', 'begin', 'cart', 1, 0.25), ('new', 'view home', 'end', 3, 1),
    ('new', 'cart', 'end', 1, 1), ('regular', 'begin', 'view home', 6, 1), ('regular', 'view home', 'end', 6, 1);

-- March is not over, and what e-mail costs is not known.
insert into marts.channel_performance values
    ('2026-02-01', 'search', 100, 2, 300, 200, null, 250, 200, true), ('2026-01-01', 'search', 50, 0, null, null, null, 50, 25, true),
    ('2025-12-01', 'search', 50, 2, 50, 0, 1, 0, 0, true), ('2026-02-01', 'store', 50, 12, 400, 100, 0, null, null, true),
    ('2026-03-01', 'search', 999, 9, 9, 9, null, 9, 9, false), ('2026-02-01', 'email', null, null, null, null, null, 90, 75, true);

insert into marts.customer_channel_preference values
    ('anna', 'email', 10, 5, 1, 8, 2, 5, 5, 4, 1, 20, true, true, true), ('ben', 'email', 2, 0, 0, 0, 0, 2, 0, 0, 0, null, false, false, false),
    ('ben', 'sms', 3, null, null, 3, 0, 1, 2, null, null, null, false, false, null);

-- Of two kinds of channel 100 and 200, of one kind 100, 50 and 0; the last is of another tier, and zoe came later.
insert into marts.cross_channel_customers values
    ('anna', 'both', 'top', 1, 100, 50, '2025-03-01'), ('ben', 'both', 'top', 1, 200, 50, '2025-03-01'),
    ('chen', 'store', 'top', 1, 100, 50, '2025-03-01'), ('dora', 'online', 'top', 1, 50, 50, '2025-03-01'),
    ('emma', 'online', 'low', 0, 0, 50, '2025-03-01'), ('zoe', null, null, null, null, null, null);

-- February is over, March is not; figures of cells, and what has no place on the page, are left out.
insert into marts.kpi_monthly values
    ('2026-01-01', 'all', 'all', 'all', 'orders', 900, null, null, null, true),
    ('2026-02-01', 'all', 'all', 'all', 'refund_rate', 0.043, 0.05, null, 0.034, true),
    ('2026-02-01', 'all', 'all', 'all', 'orders', 1234, 900, null, 0, true),
    ('2026-02-01', 'store', 'all', 'all', 'orders', 7, 7, 7, 7, true),
    ('2026-02-01', 'all', 'all', 'all', 'of_our_own', 7, 7, 7, 7, true),
    ('2026-03-01', 'all', 'all', 'all', 'orders', 5, 1234, null, 6, false);

-- 3.0 deviations above, 3.2 below; 2.7 are chance, and what is a quarter ago was told then.
insert into marts.kpi_daily values
    ('2026-02-27', 'app', 'all', 'all', 'orders', 'Our fair', '店庆', 9, 2),
    ('2026-02-28', 'web', 'all', 'all', 'orders', null, null, 0, 4.5),
    ('2026-02-28', 'app', 'all', 'all', 'orders', null, null, 8, 2),
    ('2026-02-28', 'app', 'all', 'new', 'orders', null, null, 90, 2),
    ('2026-02-28', 'all', 'all', 'all', 'orders', null, null, 90, 2),
    ('2025-11-29', 'app', 'all', 'all', 'orders', null, null, 90, 2);

-- Of four shelves two are too full, and a store has for another what it lacks.
insert into marts.inventory_health values
    ('out', 0, 0, 30, 9, 4), ('over', 120, 72, 0, 0, -4), ('over', 60, 12, 0, 0, 0), ('healthy', 20, 0, 0, 0, 0);
insert into marts.inventory_saving values
    ('2026-01-01', 31, 800, 0.9, 0.95, 100, 90, 10), ('2026-01-01', 31, 200, 0.8, 0.9, 100, 100, 0);
insert into marts.demand_forecast values
    ('category', 'dairy', 1, 36, 30, 42), ('category', 'dairy', 2, 40, 33, 47), ('product', 'dairy', 1, 36, 30, 42);
insert into marts.demand_forecast_accuracy values
    ('category', 'all', 'forecast', 0, 0.12, -0.01, 0.6, null), ('category', 'all', 'forecast', 1, 0.15, -0.01, 0.7, 0.8),
    ('category', 'all', 'naive', 0, 0.3, 0.1, 1, null), ('category', 'new', 'forecast', 1, 0.5, 0, 0.7, 0.8);
-- A pair is shown once, and of products by its name; of two cut-offs the last is.
insert into marts.products values ('p1', '1', 'Green tea'), ('p2', '2', null);
insert into marts.product_affinities values
    ('product', 'p1', 'p2', 1, 30, 0.5, 3, 2, 0.02), ('product', 'p2', 'p1', 1, 30, 0.3, 3, 2, 0.02),
    ('category', 'milk', 'tea', 1, 90, 0.4, 2, 1.8, 0.1), ('category', 'tea', 'milk', 1, 90, 0.6, 2, 1.8, 0.1);
insert into marts.product_sequences values ('product', 'p1', 'p2', 1, 20, 0.9, 4, 2.5, 12.5);
insert into marts.recommendation_evaluation values
    ('recommended', 'home', 'recall', '2026-01-01', 300, 0.2), ('recommended', 'home', 'recall', '2026-02-01', 300, 0.25),
    ('recommended', 'home', 'hit_rate', '2026-02-01', 300, 0.7), ('popularity', 'home', 'recall', '2026-02-01', 300, 0.125);

-- A leaflet with two categories, half of whose lift is kept; one category whose prices tell something, and one without.
insert into marts.category_price_elasticity values
    ('dairy', 'elastic', -1.8, -2.2, -1.4, 20, 25, 12000), ('books', 'prices_hardly_move', null, null, null, 0, 9, 300);
insert into marts.promotion_effects values
    ('L001', 2, 30, 20, 10, 2.5, 2.5, 5, true, '2026-01-05', '2026-01-18'),
    ('L001', 1, 12, 10, 2, 0.5, 0.5, 1, true, '2026-01-05', '2026-01-18');
insert into marts.price_position values
    ('QuickMart', 'dairy', 'dearer', 300, 1.1, '2026-02-20'), ('QuickMart', 'dairy', 'cheaper', 100, 0.9, '2026-02-27');
insert into marts.category_purchase_propensity values ('dairy', 0.6), ('dairy', 0.2), ('bakery', 0.1);
insert into marts.price_sensitivity values
    ('a', 0.1, 0.2, null), ('b', 0.2, 0.2, 0.5), ('c', 0.3, 0.2, 0.6), ('d', 0.4, 0.2, 0.7), ('e', 0.8, 0.3, 0.9);
-- Two cafés, of which the second has fallen behind, and a shop of another kind that nobody is like.
insert into marts.stores values
    ('s:1', '1', 'Harbour', 'cafe'), ('s:2', '2', 'Market', 'cafe'), ('s:3', '3', null, 'grocery');
insert into marts.store_daily
select store_id, date '2026-06-30' - day::int, true, 10, 4, 8, 6, 7, amount, 1, 2, peers, expected
from range(3) as days (day)
cross join (
    values ('s:1', 200, 1, 100.0), ('s:2', 100, 1, 200.0), ('s:3', 50, 0, null)
) as stores (store_id, amount, peers, expected);
-- Of six customers three are women, and one likes fruit by one source and one by two; what has ended is not shown.
insert into marts.customer_tags values
    ('a', 'gender', 'gender', 'female', 'Gender', '性别', 'Female', '女', true, true),
    ('b', 'gender', 'gender', 'female', 'Gender', '性别', 'Female', '女', true, true),
    ('c', 'gender', 'gender', 'female', 'Gender', '性别', 'Female', '女', true, true),
    ('a', 'likes:fruit', 'likes', 'fruit', 'Likes', '偏好', 'Fruit', '水果', true, true),
    ('b', 'likes:fruit', 'likes', 'fruit', 'Likes', '偏好', 'Fruit', '水果', false, true),
    ('c', 'likes:fruit', 'likes', 'fruit', 'Likes', '偏好', 'Fruit', '水果', false, false);
insert into marts.store_dayparts
select 's:1', 'working_day', iso_weekday, hour_of_day, false, 1, if(hour_of_day = 12, 4, 0.5), hour_of_day = 12, 0.4
from range(1, 6) as weekdays (iso_weekday) cross join range(10, 15) as hours (hour_of_day);
insert into marts.store_dayparts values
    ('s:1', 'working_day', 1, null, true, 5, 6.0, true, 0.4),
    ('s:1', 'festival', null, 12, false, 1, 9.0, true, 0.9);
insert into marts.products values ('p:1', '1', 'Iced tea');
insert into marts.store_hot_products values
    ('store', 's:1', 'p:1', 40, 180, 140, 230, true), ('region', 'west', 'p:1', 60, 120, 95, 150, false);
-- Three months of one reason: hours to the answer are weighed by the answered, (2 × 2 + 5 × 1) ÷ 3 = 3, to the solution by the
-- solved, (10 × 2 + 40 × 1) ÷ 3 = 20. A cell of one store is no sum.
insert into marts.service_quality values
    ('2026-01-01', 'quality', 'all', 'all', 2, 2, 2, 0, 2, 1, 2, 0, 2, 10),
    ('2026-02-01', 'quality', 'all', 'all', 1, 1, 0, 1, 1, 0, 0, 0, 5, null),
    ('2026-03-01', 'quality', 'all', 'all', 4, 0, 1, 3, 0, 0, 0, 0, null, 40),
    ('2026-02-01', 'quality', 'all', 'pos:S1', 1, 1, 0, 1, 1, 0, 0, 0, 5, null);
-- Of the last one the 90 days are not over.
insert into marts.orders values
    ('shop:1', 'a', '2025-11-01'), ('shop:2', 'b', '2025-11-30'), ('shop:3', 'b', '2025-12-01');
insert into marts.service_effects values
    ('quality', 'repurchase', 'outcome', 4, 3, 0.25, 0.5, -0.25, -0.4, -0.1, -0.5),
    ('quality', 'later_amount', 'outcome', 4, 3, 100, 150, -50, -80, -20, -0.3),
    ('quality', 'tenure_days', 'balance', 4, 3, 10, 11, -1, -2, 0, -0.05);
insert into marts.satisfaction values
    ('2026-02-01', 'all', 'all', 9, 3, 0.25, 4, 0.75, 0.3, 0.95, 1, 100, -48.5, 98.5, 2, 4.5),
    ('2026-02-01', '111', 'all', 9, 3, 0.25, 4, 0.75, 0.3, 0.95, 1, 100, -48.5, 98.5, 2, 4.5);
insert into marts.loyalty_programme values
    ('2026-02-01', 'gold', 'Gold', '金卡会员', 1, 1, 0, 0, 0, 2, 0, 0, 50, 10, 5, 135, 7, 1.35, 0.5, 0.25, true),
    ('2026-02-01', 'all', null, null, 1, 1, 0, 1, 0, 2, 0, 0, 50, 10, 5, 135, 7, 1.35, 0.5, 0.25, true),
    ('2026-03-01', 'all', null, null, 1, 1, 0, 1, 0, 9, 0, 0, 50, 10, 5, 135, 7, 1.35, 0.5, 0.25, false);
insert into marts.benchmark_gaps values
    ('average_order_value', 'retail', 'all', '2026-02-01', 'Retail', '零售', 'Everybody', '全体客户', 'below',
        'a source', '来源', 90, 80, 100, 120, 200, false, true);
-- Two groups, of which the larger spends less; a fourth trait is not told. By the last fit one customer went to the other group.
insert into marts.cluster_profiles values
    (1, 'Store shoppers', '门店客', 'Bought online', '线上购买占比', 3, 0.75, 100, 0.25, -1.5, 1),
    (1, 'Store shoppers', '门店客', 'tea', 'tea', 3, 0.75, 100, 0.25, 0.5, 2),
    (1, 'Store shoppers', '门店客', 'milk', 'milk', 3, 0.75, 100, 0.25, 0.25, 3),
    (1, 'Store shoppers', '门店客', 'bread', 'bread', 3, 0.75, 100, 0.25, 0.125, 4),
    (2, 'Online shoppers', '线上客', 'Bought online', '线上购买占比', 1, 0.25, 300, 0.75, 1.5, 1);
insert into marts.customer_clusters values
    ('anna', 1, 'Store shoppers', '门店客', 1, 'Store shoppers', '门店客'),
    ('ben', 2, 'Online shoppers', '线上客', 1, 'Store shoppers', '门店客'),
    ('chen', null, 'Too few purchases to tell', '购买太少暂无法判断', null, null, null);
-- One customer is addressed, one is left alone by lot, and two said no.
insert into marts.audiences values
    ('win_back', 'a', 'sms', 'target', null, null, null, 12.5), ('win_back', 'b', 'sms', 'hold_out', null, null, null, 8),
    ('win_back', 'c', 'sms', 'excluded', 'no_consent', 'Said no', '未同意', 3),
    ('win_back', 'd', 'sms', 'excluded', 'no_consent', 'Said no', '未同意', null);
