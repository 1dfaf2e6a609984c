{#
  How a contract is held on Spark: by the table that was made, and not by its query before.

  What: a table is made of its query as it stands, and dbt's own check then compares its columns with the contract. A
  view is checked before it is made, as dbt has it.
  Why: Spark knows the columns of a query only by analysing it, which is the larger part of a small build; dbt's check
  had it analyse each query once more. Nothing is lost by a table that breaks its contract: that of before is dropped
  already, what reads it is skipped, and nothing is published.
#}
{% macro spark__get_assert_columns_equivalent(sql) -%}
{%- if model.config.materialized == 'view' -%}
    {{ return(default__get_assert_columns_equivalent(sql)) }}
{%- endif -%}
{%- endmacro %}


{# Columns stand in the order of the query: dbt would select those of the contract by name, and leave out one too many. #}
{% macro spark__get_select_subquery(sql) -%}
{{ return(sql) }}
{%- endmacro %}


{# After a table is made. Of constraints types alone are held, as on DuckDB. #}
{% macro spark__persist_constraints(relation, model) -%}
{%- if model.config.contract.enforced -%}
    {%- do default__get_assert_columns_equivalent('select * from ' ~ relation) -%}
{%- endif -%}
{%- endmacro %}
