{#
  All rows of an entity, from every source that delivers it, in the columns of its contract, each with its place in
  the order of deliveries (null when a later version of the same file has replaced it).

  A source delivers the columns that it has; the others are null, and `source_system` is its name. A currency is a code
  in capitals, however it was written. The first query has no rows: an entity that nobody delivers is an empty relation
  of the right types, and every mart still builds. What several tables of one source deliver is named with the table:
  interactions__tickets is of the entity interactions.
  Example: {{ union_sources('orders') }}
#}
{% macro union_sources(entity) -%}
{{ config(materialized=read_often()) }}
{%- set contract = contract_of(entity) -%}
with delivered as (

    select
        {%- for name, type in contract.items() %}
        cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- else %} 1 as nothing
        {%- endfor %}
    where false
    {%- for source, entities in var('sources').items() %}
    {%- for name in entities if name.split('__')[0] == entity %}
    {%- set relation = ref('stg_' ~ source ~ '__' ~ name) %}
    union all
    select
        {{ in_columns_of(contract, relation, source, entity) }}
    from {{ relation }}
    {%- endfor %}
    {%- endfor %}

)

select
    delivered.*,
    deliveries.delivery_number
from delivered
left join {{ ref('int_current_deliveries') }} as deliveries on delivered._batch = deliveries.batch
{%- if var('known_at') %}
where delivered._landed_at < cast('{{ var("known_at") }}' as timestamp)
{%- endif %}
{%- endmacro %}


{# The columns of a staging model as the contract has them; what does not fit stops dbt with a sentence. #}
{% macro in_columns_of(contract, relation, source, entity) -%}
{%- set delivered = {} -%}
{%- for column in adapter.get_columns_in_relation(relation) if execute -%}
    {%- do delivered.update({column.name | lower: type_of_column(column)}) -%}
{%- endfor -%}
{%- if execute -%}{%- do refuse_misfits(contract, delivered, relation, entity) -%}{%- endif -%}
{%- for name, type in contract.items() -%}
    {%- if name in delivered -%}
        {{ 'upper(currency) as currency' if name == 'currency' else name }}
    {%- elif name == 'source_system' -%}
        '{{ source }}' as source_system
    {%- elif name == '_staging_model' -%}
        '{{ relation.identifier }}' as _staging_model
    {%- else -%}
        cast(null as {{ type }}) as {{ name }}
    {%- endif -%}
    {{- ', ' if not loop.last -}}
{%- endfor -%}
{%- endmacro %}


{# Stops dbt where a staging model is not there yet, or has a column that the contract does not know, or types otherwise. #}
{% macro refuse_misfits(contract, delivered, relation, entity) -%}
{%- set model = relation.identifier -%}
{%- set contract_name = 'the contract of ' ~ entity ~ ' (models/entities/' ~ entity ~ '/' ~ entity ~ '.yml)' -%}
{%- if not delivered -%}
    {%- do exceptions.raise_compiler_error(model ~ ' is not built yet: build it first, such as by `dbt build --select +int_' ~ entity ~ '_delivered`.') -%}
{%- endif -%}
{%- for name in ['_line', '_batch', '_landed_at'] if name not in delivered -%}
    {%- do exceptions.raise_compiler_error(model ~ ' lacks the column ' ~ name ~ ', in which the lander says where a row came from: select it.') -%}
{%- endfor -%}
{%- if '_row_kind' not in delivered and declares_rows(model) -%}
    {%- do exceptions.raise_compiler_error(model ~ " reads a feed that declares which rows are of it, and takes all of them: select {{ row_kind('" ~ model.split('__', 1)[1] ~ "', feed) }} as _row_kind.") -%}
{%- endif -%}
{%- for name, type in delivered.items() -%}
    {%- if name not in contract -%}
        {%- do exceptions.raise_compiler_error(model ~ ' has the column ' ~ name ~ ', which ' ~ contract_name ~ ' does not know: is ' ~ likeliest(name, contract.keys()) ~ ' meant?') -%}
    {%- elif type != contract[name] -%}
        {%- do exceptions.raise_compiler_error(model ~ '.' ~ name ~ ' is a ' ~ type ~ ', where ' ~ contract_name ~ ' wants a ' ~ contract[name] ~ ': cast it.') -%}
    {%- endif -%}
{%- endfor -%}
{%- endmacro %}


{# Whether a staging model reads a feed whose `rows` say which are of it. #}
{% macro declares_rows(staging_model) -%}
{%- set node = graph.nodes.get('model.' ~ project_name ~ '.' ~ staging_model) -%}
{%- set feeds = node.depends_on.nodes | select('in', graph.sources) | list if node else [] -%}
{%- set asked = [] -%}
{%- for id in feeds -%}
    {%- if staging_model.split('__', 1)[1] in (feed(*id.split('.')[-2:]).get('rows') or {}) -%}
        {%- do asked.append(id) -%}
    {%- endif -%}
{%- endfor -%}
{{ return(asked | length > 0) }}
{%- endmacro %}


{# Of some names, the one with the fewest letters to change; the engine counts them. #}
{% macro likeliest(name, names) -%}
{%- set queries = [] -%}
{%- for known in names -%}
    {%- do queries.append("select '" ~ known ~ "' as known, levenshtein('" ~ known ~ "', '" ~ name ~ "') as distance") -%}
{%- endfor -%}
{%- set answer = run_query('select min_by(known, distance) as likeliest from (' ~ queries | join(' union all ') ~ ') as distances') -%}
{{ return(answer.columns[0].values()[0]) }}
{%- endmacro %}
