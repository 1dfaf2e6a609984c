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
  passed on what is as it was passes again; an audit that passed on all months but some is asked of these.
#}
{% materialization test, adapter='duckdb' %}
    {%- if should_store_failures() -%}
        {{ return(dbt.materialization_test_default()) }}
    {%- endif -%}
    {%- set query = get_test_sql(sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), config.get('limit')) -%}
    {%- set kept = kept_node('test', query, 'test') -%}
    {%- if kept.stands -%}
        {%- set response, found = graph.kept.passed -%}
        {%- do store_result('main', response=response, agate_table=found) -%}
    {%- else -%}
        {%- set months = none if kept.is_audited else kept.months -%}
        {%- do run_as_main(query if months is none else within_what_differs(query, months), fetch=True) -%}
        {%- if load_result('main').data[0][0] == 0 -%}
            {%- do keep_node(kept) -%}
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
    {%- set bytes = graph.kept.nodes[model.unique_id ~ '.csv'].state if keeps_nodes() -%}
    {{ return(made_in_one_statement('table', rows, bytes ~ types)) }}
{% endmaterialization %}


{# Makes the relation of this node, and returns what dbt wants to be told of it. `text` decides of it, and the contract. #}
{% macro made_in_one_statement(type, sql, text=none) -%}
    {%- set contract = config.get('contract') -%}
    {%- call(former) unless_kept(type, (text or sql) ~ contract.checksum) -%}
        {%- if contract.enforced -%}
            {{ get_assert_columns_equivalent(sql) }}
        {%- endif -%}
        {#- in the order of the contract -#}
        {%- set rows = get_select_subquery(sql) if contract.enforced else sql -%}
        {%- if former.months is none -%}
            {%- do create_or_replace(type, former.existing, rows) -%}
        {%- else -%}
            {%- do write_months(rows, former.months) -%}
        {%- endif -%}
    {%- endcall -%}
    {{ return({'relations': [this.incorporate(type=type)]}) }}
{%- endmacro %}


{# A table does not replace a view, nor a view a table: the transaction that drops it ends with the new one. #}
{% macro create_or_replace(type, existing, sql) -%}
    {%- if existing is not none and existing.type != type -%}
        {%- do adapter.ensure_transaction() -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- do run_as_main('create or replace ' ~ type ~ ' ' ~ this ~ ' as (\n' ~ sql ~ '\n)') -%}
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
