{#
  Whether a landed row is of an entity, by what its feed declares: null where it is, `ignored` where it is only of
  others or of none, `unknown` where no declaration is true of it, so that it is refused.

  `rows` of the feed has a condition on the landed columns for each entity that the staging models read from it, by its
  name in the variable `sources`, and for `ignored`. They may overlap: a row can be an order and a refund. One that is
  unknown, as of an empty column, is not true.
  Example: rows: {orders: "invoice_no not like 'C%'", refunds: "invoice_no like 'C%'", ignored: "invoice_no like 'TEST%'"}
    {{ row_kind('orders', feed) }} as _row_kind     '5001' -> null, 'C5002' -> 'ignored', null -> 'unknown'
#}
{% macro row_kind(name, feed) -%}
{%- if not execute -%}
    {{ return('null') }}
{%- endif -%}
{%- set rows = feed.get('rows') or {} -%}
{%- do refuse_unknown_kinds(name, rows) -%}
case
    when {{ rows[name] }} then null
    {%- for kind, condition in rows.items() if kind != name %}
    when {{ condition }} then 'ignored'
    {%- endfor %}
    else 'unknown'
end
{%- endmacro %}


{# Stops dbt where `rows` of a feed lack what a staging model asks for, or name what the source does not deliver. #}
{% macro refuse_unknown_kinds(name, rows) -%}
{%- if name not in rows -%}
    {%- do exceptions.raise_compiler_error(model.name ~ ' asks which rows of its feed are ' ~ name ~ ', and `rows` in the YAML of its source does not say: it declares ' ~ (rows.keys() | join(', ') or 'nothing') ~ '.') -%}
{%- endif -%}
{%- if graph.nodes and model.name.startswith('stg_') -%}
    {%- set source = model.name.split('__')[0][4:] -%}
    {%- set delivered = var('sources').get(source, []) -%}
    {%- for kind in rows if kind not in delivered + ['ignored'] -%}
        {%- do exceptions.raise_compiler_error('The feed that ' ~ model.name ~ ' reads declares `rows` of ' ~ kind ~ ', which ' ~ source ~ ' does not deliver: name ' ~ kind ~ ' at ' ~ source ~ ' in the variable `sources`, or count those rows to `ignored`.') -%}
    {%- endfor -%}
{%- endif -%}
{%- endmacro %}
