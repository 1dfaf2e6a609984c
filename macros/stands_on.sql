{#
  Whether a state of an order (int_transactions) held on a day: it began before the day, and no other state
  took its place before it.

  Why: what was refunded or cancelled later counts, since nobody knew by then. One rule for all that looks back.
  Example: inner join purchases on {{ stands_on('purchases', 'cutoffs.cutoff_on') }}
#}
{% macro stands_on(state, day) -%}
{{ state }}.effective_from < {{ day }}
        and coalesce({{ state }}.effective_to, date '9999-12-31') >= {{ day }}
{%- endmacro %}
