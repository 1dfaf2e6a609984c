-- What each key figure counts, by its definition in models/semantic/.
{{ kpi_counts('orders', ref('int_kpi_orders'), 'ordered_on') }}
union all
{{ kpi_counts('customer_events', ref('int_kpi_events'), 'occurred_on') }}
