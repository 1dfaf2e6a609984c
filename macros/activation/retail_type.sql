{#
  What kind of shop this is, by which the playbook is read, as SQL.

  Why: a misspelt kind would have no strategies, and nobody to act on.
  Example: where playbook.retail_type = {{ retail_type() }}
#}
{% macro retail_type() -%}
'{{ chosen('retail_type', ['ecommerce', 'store', 'consumer_goods', 'fashion', 'catering', 'membership_store', 'fresh_ecommerce']) }}'
{%- endmacro %}
