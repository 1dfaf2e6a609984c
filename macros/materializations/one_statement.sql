{#
  How tables, views and seeds are made on DuckDB: one `create or replace` each; and checks, one query each.

  What: the replacement is atomic, so that a query that fails, or a kill, leaves the relation of before. Hooks,
  contracts and `--empty` are as dbt has them; grants, indexes, comments and Python models are not, since nobody
  reads the warehouse but the refresh.
  Why: dbt's own materializations make a relation beside the old one, rename both, and drop one, in a transaction:
  six statements for a view. A small build is three quarters dbt's Python, which each statement costs anew.
#}
{% materialization table, adapter='duckdb' %}
    {{ return(made_in_one_statement('table', sql)) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(made_in_one_statement('view', sql)) }}
{% endmaterialization %}


{#
  A check reads, and needs no transaction for it. One that stores what it found writes: dbt's own does that. One that
  passed on what is as it was passes again.
#}
{% materialization test, adapter='duckdb' %}
    {%- if should_store_failures() -%}
        {{ return(dbt.materialization_test_default()) }}
    {%- endif -%}
    {%- set query = get_test_sql(sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), config.get('limit')) -%}
    {%- set kept = kept_node(query, 'test', 'test') -%}
    {%- if kept.stands -%}
        {%- do run_as_main('select 0 as failures, false as should_warn, false as should_error', fetch=True) -%}
    {%- else -%}
        {%- do run_as_main(query, fetch=True) -%}
        {%- if kept.inputs and load_result('main').data[0][0] == 0 -%}
            {%- do adapter.execute(forget_kept_row() ~ kept_row(kept), auto_begin=False) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}


{#
  A seed, read by DuckDB: dbt would read it in Python first, to guess types that `column_types` gives. A column
  without a type is text.
#}
{% materialization seed, adapter='duckdb' %}
    {%- do store_result('agate_table', response='OK') -%}
    {%- set types = [] -%}
    {%- for column, type in config.get('column_types', {}).items() -%}
        {%- do types.append(column ~ " := '" ~ type ~ "'") -%}
    {%- endfor -%}
    {%- set rows -%}
        select * from read_csv(
            {{ literal_path(adapter.get_seed_file_path(model)) }},
            header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, types = struct_pack({{ types | join(', ') }})
        )
    {%- endset -%}
    {%- set bytes = 'select md5(content) from read_blob(' ~ literal_path(adapter.get_seed_file_path(model)) ~ ')' -%}
    {{ return(made_in_one_statement('table', rows, run_query(bytes).rows[0][0] ~ types if keeps_nodes() else 'unknown')) }}
{% endmaterialization %}


{# Makes the relation of this node where it is not kept, and returns what dbt wants to be told of it. #}
{% macro made_in_one_statement(type, sql, text=none) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set columns = model.columns.values() | map(attribute='name') | list if config.get('contract').enforced -%}
    {%- set types = model.columns.values() | map(attribute='data_type') | list -%}
    {%- set kept = kept_node((text or sql) ~ columns ~ types, type, existing.type) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if not kept.stands -%}
        {%- if config.get('contract').enforced -%}
            {{ get_assert_columns_equivalent(sql) }}
            {%- set sql = get_select_subquery(sql) -%}{# in the order of the contract #}
        {%- endif -%}
        {%- if type == 'view' -%}
            {%- do create_or_replace(type, existing, sql, kept_row(kept)) -%}
        {%- else -%}
            {%- do create_or_replace(type, existing, sql) -%}
            {%- do keep_table(kept) -%}
        {%- endif -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [this.incorporate(type=type)]}) }}
{%- endmacro %}


{# A table does not replace a view, nor a view a table: the transaction that drops it ends with the new one. #}
{% macro create_or_replace(type, existing, sql, then='') -%}
    {%- if existing is not none and existing.type != type -%}
        {%- do adapter.ensure_transaction() -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- do run_as_main(forget_kept_row() ~ 'create or replace ' ~ type ~ ' ' ~ this ~ ' as (\n' ~ sql ~ '\n);' ~ then) -%}
{%- endmacro %}


{#
  Runs the one query of a node. dbt's `statement` writes it to a file first, beside the file in which it is compiled
  already, which costs a tenth of a small build.
#}
{% macro run_as_main(query, fetch=False) -%}
    {%- set response, found = adapter.execute(query, auto_begin=False, fetch=fetch) -%}
    {%- do store_result('main', response=response, agate_table=found) -%}
{%- endmacro %}


{#
  Raises dbt's error where the columns of a query are not those of the contract.
  Why: dbt describes the query and the contract in two statements; here one describes both, side by side.
#}
{% macro duckdb__get_assert_columns_equivalent(sql) -%}
    {%- set untyped = model.columns.values() | rejectattr('data_type') | map(attribute='name') | list -%}
    {%- if untyped -%}
        {%- do exceptions.column_type_missing(column_names=untyped) -%}
    {%- endif -%}
    {%- set nulls = [] -%}
    {%- for column in model.columns.values() -%}
        {%- do nulls.append('cast(null as ' ~ column.data_type ~ ') as promised_' ~ loop.index) -%}
    {%- endfor -%}
    {%- set described = adapter.get_column_schema_from_query(
        'select * from (\n' ~ sql ~ '\n) as given, (select ' ~ (nulls or ['null']) | join(', ') ~ ') as promised'
    ) -%}
    {%- set given = described[:described | length - (nulls or ['null']) | length] -%}
    {%- set promised = typed_columns(model.columns.values() | map(attribute='name'), described[given | length:]) -%}
    {%- set given = typed_columns(given | map(attribute='name'), given) -%}
    {%- if not nulls or promised | map(attribute='formatted') | sort != given | map(attribute='formatted') | sort -%}
        {%- do exceptions.raise_contract_error(promised, given) -%}
    {%- endif -%}
{%- endmacro %}

{# Names with types, as dbt's error shows them. #}
{% macro typed_columns(names, columns) -%}
    {%- set typed = [] -%}
    {%- for name in names -%}
        {%- set type = columns[loop.index0].dtype -%}
        {%- do typed.append({'name': name, 'data_type': type, 'formatted': name ~ ' ' ~ type}) -%}
    {%- endfor -%}
    {{ return(typed) }}
{%- endmacro %}
