{#
  What the YAML of an entity says; each is known once dbt executes, and empty while it parses and in unit tests,
  whose graph is empty: one of them that compares rows says what their facts are (overrides: macros: facts_of).

  contract_of: the columns that a source may deliver, with their types, in the order of int_<entity>_delivered.
  settings_of: the key, business day and money of the entity: the meta of int_<entity>_validated.
  Example: {{ contract_of('orders') }} -> {'source_system': 'string', 'order_id': 'string', …}
#}
{% macro contract_of(entity) -%}
{%- set contract = {} -%}
{%- if graph.nodes and execute -%}
    {%- set node = graph.nodes['model.' ~ project_name ~ '.int_' ~ entity ~ '_delivered'] -%}
    {%- for column in node.columns.values() if column.name != 'delivery_number' -%}
        {%- do contract.update({column.name: column.data_type}) -%}
    {%- endfor -%}
{%- endif -%}
{{ return(contract) }}
{%- endmacro %}

{% macro settings_of(entity) -%}
{%- set node = graph.nodes['model.' ~ project_name ~ '.int_' ~ entity ~ '_validated'] if graph.nodes and execute else {} -%}
{{ return(node.config.meta if node else {}) }}
{%- endmacro %}

{# The columns in which a row says something; those that say where it came from, or of which kind it is, begin with _. #}
{% macro facts_of(entity) -%}
{%- set facts = [] -%}
{%- for name in contract_of(entity) if not name.startswith('_') -%}
    {%- do facts.append(name) -%}
{%- endfor -%}
{{ return(facts) }}
{%- endmacro %}
