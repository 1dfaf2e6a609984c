{#
  The key figures of a semantic model per day, per month and cell: each a numerator and, where it is a ratio, a denominator.

  What: counts the measures of `semantic_model` in its `facts`, which happened `on` a day, for each way of selling, region and
  kind of customer, and for all of each; a row for every metric of models/semantic/ that has `cells`.
  Why: what a key figure is stands there alone, where MetricFlow reads it too. What has no way of selling, such as a
  message, is counted in all and in no cell.
  Example: {{ kpi_counts('orders', ref('int_kpi_orders'), 'ordered_on') }}
#}
{% macro kpi_counts(semantic_model, facts, on) -%}
{%- set kpis = kpis_of(semantic_model) -%}
select
    counted.period,
    counted.period_on,
    counted.channel,
    counted.region,
    counted.customer_type,
    kpis.kpi,
    kpis.is_additive,
    {%- for part in ['numerator', 'denominator'] %}
    cast(case kpis.kpi
        {%- for kpi in kpis if kpi[part] %}
        when '{{ kpi.name }}' then counted.{{ kpi[part] }}
        {%- endfor %}
        else null
    end as decimal(18,3)) as {{ part }}{{ ',' if not loop.last }}
    {%- endfor %}
from (
    {%- for period in ['day', 'month'] %}
    select
        '{{ period }}' as period,
        cast(date_trunc('{{ period }}', {{ on }}) as date) as period_on,
        {%- for column in ['channel', 'region', 'customer_type'] %}
        case when grouping(facts.{{ column }}) = 1 then 'all' else facts.{{ column }} end as {{ column }},
        {%- endfor %}
        {%- for measure in measures_of(semantic_model) %}
        {{ measure.agg | replace('_distinct', '') }}({{ 'distinct ' if measure.agg == 'count_distinct' }}{{ measure.expr or measure.name }}) as {{ measure.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ facts }} as facts
    group by cast(date_trunc('{{ period }}', {{ on }}) as date), cube(facts.channel, facts.region, facts.customer_type)
    {{- ' union all' if not loop.last }}
    {%- endfor %}
) as counted
inner join (
    {%- for kpi in kpis %}
    select '{{ kpi.name }}' as kpi, '{{ kpi.cells }}' as cells, {{ kpi.is_additive }} as is_additive
    {{- ' union all' if not loop.last }}
    {%- endfor %}
) as kpis
    on (kpis.cells in ('every', 'customer_types') or counted.customer_type = 'all')
    and (kpis.cells in ('every', 'all_customers') or (counted.channel = 'all' and counted.region = 'all'))
where counted.channel is not null
    and counted.region is not null
{%- endmacro %}


{# The measures of a semantic model; none while dbt reads the project, before it knows them. #}
{% macro measures_of(semantic_model) -%}
{{ return(graph.semantic_models['semantic_model.regulars.' ~ semantic_model].measures if execute else []) }}
{%- endmacro %}


{# The metrics of a semantic model that are in the marts, with the names of the measures that each divides. #}
{% macro kpis_of(semantic_model) -%}
{%- set measures = measures_of(semantic_model) | map(attribute='name') | list -%}
{%- set kpis = [] -%}
{%- for metric in (graph.metrics.values() if execute else []) if metric.config.meta.cells and metric.type != 'cumulative' -%}
    {%- set numerator = measure_of(metric.type_params.numerator.name if metric.type == 'ratio' else metric.name) -%}
    {%- if numerator in measures -%}
        {%- do kpis.append({
            'name': metric.name,
            'cells': metric.config.meta.cells,
            'is_additive': metric.config.meta.is_additive,
            'numerator': numerator,
            'denominator': measure_of(metric.type_params.denominator.name) if metric.type == 'ratio',
        }) -%}
    {%- endif -%}
{%- endfor -%}
{{ return(kpis) }}
{%- endmacro %}


{# The measure of a simple metric. #}
{% macro measure_of(metric) -%}
{{ return(graph.metrics['metric.regulars.' ~ metric].type_params.measure.name) }}
{%- endmacro %}
