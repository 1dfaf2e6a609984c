-- The columns of the published marts that the report relies on.
create schema marts;
create table marts.customer_accounts (
    account_id text, customer_id text, is_guest boolean default false
);
create table marts.key_figures (
    as_of_date date, customer_count bigint, active_buyer_count bigint, at_risk_customer_count bigint,
    net_amount decimal(18, 2), average_order_amount double, at_risk_spend_amount decimal(18, 2),
    repeat_share double, at_risk_spend_share double
);
insert into marts.key_figures values (null, 0, 0, 0, 0, null, 0, null, null);
create table marts.kpi_daily (
    calendar_day date, channel text, region text, customer_type text, kpi text,
    event_name_en text, event_name_zh text, value double, expected_value double
);
create table marts.kpi_monthly (
    calendar_month date, channel text, region text, customer_type text, kpi text, value double,
    last_period_value double, last_year_value double, expected_value double, is_complete boolean
);
create table marts.customer_rfm (
    customer_id text, as_of_date date, is_latest boolean, frequency bigint,
    spend_amount decimal(18, 2), r_score bigint, f_score bigint,
    segment_code text, segment_name_en text, segment_name_zh text
);
create table marts.rfm_segment_transitions (
    as_of_date date, from_segment_code text, to_segment_code text,
    from_segment_name_en text, from_segment_name_zh text,
    to_segment_name_en text, to_segment_name_zh text, customer_count bigint
);
create table marts.cohort_retention (
    cohort_month date, months_since bigint, customer_count bigint, retained_count bigint,
    retained_share double, cumulative_amount_per_customer double, is_complete boolean
);
create table marts.customer_lifecycle (
    customer_id text, as_of_date date, is_latest boolean,
    stage text, stage_name_en text, stage_name_zh text,
    state text, state_name_en text, state_name_zh text
);
create table marts.customer_flows (
    as_of_date date, opening_count bigint, acquired_count bigint, reactivated_count bigint,
    lost_count bigint, undone_count bigint, closing_count bigint
);
create table marts.churn_window_calibration (
    threshold_days bigint, lost_share double, inactivity_gap_count bigint, reactivation_rate double,
    reactivation_rate_max double, is_chosen boolean
);
create table marts.customer_churn_causes (
    customer_id text, cause text, cause_name_en text, cause_name_zh text, is_from_survey boolean
);
create table marts.customer_churn (
    customer_id text, as_of_date date,
    churn_level text, level_name_en text, level_name_zh text
);
create table marts.customer_churn_reasons (
    customer_id text, reason_rank bigint, reason text, reason_name_en text, reason_name_zh text,
    reason_en text
);
create table marts.customer_ltv (
    customer_id text, ltv_amount decimal(18, 2), ltv_p10_amount decimal(18, 2),
    ltv_p90_amount decimal(18, 2), is_provisional boolean
);
create table marts.ltv_holdout (
    quintile bigint, predicted_amount decimal(18, 2), error_share double,
    actual_amount decimal(18, 2), is_within_error boolean,
    expected_covered_share double, covered_share double
);
create table marts.feed_freshness (
    source_system text, entity text, last_business_on date, days_behind bigint, silent_days bigint,
    coverage text
);
create table marts.funnel_daily (
    started_on date, channel text, customer_type text, funnel_form text, step text,
    step_number bigint, people_count bigint, previous_people_count bigint,
    week_people_count bigint, week_previous_people_count bigint, week_share double,
    usual_week_share double, week_deviations double, is_broken boolean
);
create table marts.reconciliation (
    source_system text, entity text, business_on date,
    rows_landed bigint, rows_accepted bigint, rows_quarantined bigint, rows_superseded bigint,
    rows_duplicate bigint, rows_ignored bigint, rows_unattributed bigint,
    amount_unattributed decimal(18, 2),
    is_reconciled boolean
);
create table marts.quarantine_summary (
    source_system text, entity text, caught_at text, reason_code text, reason_en text,
    reason_zh text, row_count bigint, amount decimal(18, 2)
);
create table marts.identity_links (
    account_id text, other_account_id text, link_type text, match_weight decimal(18, 2),
    is_cut boolean
);
create table marts.identity_refused_links (
    account_id text, other_account_id text, reason_code text, reason_en text, reason_zh text
);
create table marts.identity_review (reason_codes text, account_count bigint, is_cut boolean);
create table marts.customer_id_changes (
    compared_with text, change_type text, former_customer_id text, customer_id text,
    account_count bigint
);
create table marts.publication (
    generation text, published_at timestamp, as_of_date date, known_at timestamp,
    code_version text, dbt_version text, duckdb_version text, digest text
);
insert into marts.publication values (
    '7', '2026-03-02 06:00:00', '2026-03-01', null, 'a1b2c3d', '1.11.16', '1.5.5', 'd1ge57'
);
create table marts.demand_forecast (
    demand_level text, category text, horizon_weeks bigint, expected_quantity double, low_quantity double,
    high_quantity double
);
create table marts.demand_forecast_accuracy (
    demand_level text, series_kind text, method text, horizon_weeks bigint, wape double, bias_share double,
    rmsse double, covered_share double
);
create table marts.inventory_health (
    stock_status text, stock_amount decimal(18, 2), overstock_amount decimal(18, 2), lost_amount decimal(18, 2),
    reorder_quantity bigint, transfer_quantity bigint
);
create table marts.inventory_saving (
    month_on date, day_count bigint, demand_amount decimal(18, 2), served_share double, served_share_followed double,
    stock_cost_amount decimal(18, 2), stock_cost_amount_followed decimal(18, 2), saving_amount decimal(18, 2)
);
create table marts.order_attribution (
    order_id text, touch_id text, attribution_model text, ordered_on date, channel text,
    net_amount decimal(18, 2)
);
create table marts.conversion_paths (
    path_kind text, purchase_kind text, path text, path_length bigint, purchase_count bigint,
    purchase_share double, median_days double, net_amount decimal(18, 2)
);
create table marts.customer_event_sequences (
    customer_type text, step text, next_step text, transition_count bigint, transition_share double
);
create table marts.channel_performance (
    performance_month date, channel text, spend_amount decimal(18, 2), acquired_count bigint,
    revenue_amount decimal(18, 2), predicted_amount decimal(18, 2), payback_months bigint,
    attributed_last_amount decimal(18, 2), attributed_markov_amount decimal(18, 2), is_complete boolean
);
create table marts.customer_channel_preference (
    customer_id text, channel text, sent_count bigint, opened_count bigint, clicked_count bigint,
    judged_count bigint, bought_after_count bigint, rested_sent_count bigint,
    pressed_sent_count bigint, rested_opened_count bigint, pressed_opened_count bigint,
    best_hour bigint, is_permitted boolean, is_best_channel boolean, is_tired boolean
);
create table marts.cross_channel_customers (
    customer_id text, earlier_kind text, earlier_tier text, earlier_tenure_quarters bigint,
    later_amount decimal(18, 2), single_kind_amount double, compared_on date
);
create table marts.product_affinities (
    item_kind text, item_id text, other_item_id text, affinity_rank bigint, basket_count bigint,
    confidence double, lift double, lift_low double, leverage double
);
create table marts.product_sequences (
    item_kind text, item_id text, next_item_id text, sequence_rank bigint, customer_count bigint,
    forward_share double, lift double, lift_low double, median_days double
);
create table marts.recommendation_evaluation (
    method text, scene text, metric text, cutoff_on date, customer_count bigint, value double
);
create table marts.products (product_id text, source_product_id text, product_name text);
create table marts.category_price_elasticity (
    category text, price_response text, elasticity double, elasticity_low double, elasticity_high double,
    moved_product_count bigint, product_count bigint, quantity decimal(18, 3)
);
create table marts.promotion_effects (
    promotion_id text, product_count bigint, sold_quantity double, expected_quantity double, lift_quantity double,
    pulled_forward_quantity double, taken_quantity double, kept_quantity double, is_over boolean,
    starts_on date, ends_on date
);
create table marts.price_position (
    competitor text, category text, price_position text, sales_amount decimal(18, 2), price_ratio double,
    observed_on date
);
create table marts.customer_clusters (
    customer_id text, cluster bigint, cluster_name_en text, cluster_name_zh text,
    cluster_before bigint, cluster_before_name_en text, cluster_before_name_zh text
);
create table marts.cluster_profiles (
    cluster bigint, cluster_name_en text, cluster_name_zh text, trait_name_en text, trait_name_zh text,
    customer_count bigint, customer_share double, net_amount decimal(18, 2), amount_share double,
    deviations double, trait_rank bigint
);
create table marts.category_purchase_propensity (category text, purchase_probability double);
create table marts.price_sensitivity (
    customer_id text, expected_discounted_share double, expected_depth_share double, expected_switched_share double
);
create table marts.stores (
    store_id text, source_store_id text, store_name text, retail_type text
);
create table marts.store_daily (
    store_id text, calendar_day date, is_trading boolean, purchase_count bigint,
    member_purchase_count bigint, located_purchase_count bigint, local_purchase_count bigint,
    regional_purchase_count bigint, net_amount decimal(18, 2), new_customer_count bigint, lost_customer_count bigint,
    peer_count bigint, expected_amount double
);
create table marts.customer_tags (
    customer_id text, tag text, rule text, value text,
    tag_name_en text, tag_name_zh text, value_name_en text, value_name_zh text,
    is_single_source boolean, is_current boolean
);
create table marts.store_dayparts (
    store_id text, day_kind text, iso_weekday bigint, hour_of_day bigint, is_daypart boolean,
    open_hour_count bigint, purchases_per_day double, is_peak boolean, traffic_gini double
);
create table marts.store_hot_products (
    place_kind text, place text, product_id text, product_purchase_count bigint,
    share_index double, index_low double, index_high double, is_hot boolean
);
create table marts.service_quality (
    opened_month date, reason text, channel text, store_id text, ticket_count bigint, answered_count bigint,
    resolved_count bigint, unresolved_count bigint, reopening_told_count bigint, reopened_count bigint, repeat_judged_count bigint,
    repeated_count bigint, median_answer_hours double, median_solution_hours double
);
create table marts.orders (order_id text, customer_id text, ordered_on date);
create table marts.service_effects (
    reason text, measure text, measure_role text, ticket_count bigint, matched_ticket_count bigint, ticket_mean double,
    matched_mean double, difference double, low_difference double, high_difference double, matched_deviations double
);
create table marts.satisfaction (
    said_month date, segment_code text, touchpoint text, buyer_count bigint, heard_customer_count bigint,
    response_share double, csat_count bigint, satisfied_share double, low_satisfied_share double,
    high_satisfied_share double, nps_count bigint, nps double, low_nps double, high_nps double,
    review_count bigint, mean_review_score double
);
create table marts.loyalty_programme (
    calendar_month date, membership_tier text, tier_name_en text, tier_name_zh text, joined_count bigint,
    risen_into_count bigint, fallen_into_count bigint, risen_out_of_count bigint, fallen_out_of_count bigint,
    closing_count bigint, about_to_rise_count bigint, about_to_fall_count bigint, earned_points decimal(18, 2),
    burned_points decimal(18, 2), expired_points decimal(18, 2), liability_points decimal(18, 2),
    expiring_points decimal(18, 2), liability_amount decimal(18, 2), active_share double, breakage_share double,
    is_complete boolean
);
create table marts.benchmark_gaps (
    metric text, industry text, segment text, calendar_month date, industry_name_en text, industry_name_zh text,
    segment_name_en text, segment_name_zh text, place text, source_en text, source_zh text, our_value double,
    low_our_value double, high_our_value double, low_value double, high_value double, is_within_tolerance boolean,
    is_sure boolean
);
create table marts.play_candidates (
    customer_id text, play text, play_name_en text, play_name_zh text, cause text, strategy_en text, strategy_zh text,
    offer_en text, offer_zh text, restriction_en text, restriction_zh text, refusal text, experiment_count bigint,
    expected_value_amount decimal(18, 2)
);
create table marts.audiences (
    audience text, customer_id text, channel text, audience_status text, refusal text, refusal_name_en text,
    refusal_name_zh text, expected_value_amount decimal(18, 2)
);
create table marts.campaigns (campaign_id text, campaign_name text, ends_on date);
create table marts.campaign_results (
    campaign_id text, campaign_name text, channel text, assignment text, arm text, verdict_en text, verdict_zh text,
    contacted_count bigint, contact_count bigint, contact_cost_amount double, orders_difference double,
    low_orders_difference double, high_orders_difference double, revenue_per_contact double, naive_orders_change double,
    usual_orders_change double, is_measurable boolean
);
create table marts.experiment_results (
    experiment_id text, metric text, metric_name_en text, metric_name_zh text, segment_type text,
    segment text, arm text, verdict text, verdict_en text, verdict_zh text, member_count bigint, control_count bigint,
    arm_mean double, control_mean double, difference double, best_difference double, low_best_difference double,
    high_best_difference double, variance_saved_share double, corrected_p_value double, shrunk_difference double,
    low_shrunk_difference double, high_shrunk_difference double, segments_p_value double, is_main_observation boolean,
    is_complete boolean, is_valid boolean
);
create table marts.coupon_results (
    coupon_id text, issued_count bigint, redeemed_order_count bigint, redemption_share double, incremental_orders double,
    low_incremental_orders double, high_incremental_orders double, cannibalised_share double, incremental_revenue double,
    verdict_en text, verdict_zh text
);
