{#
  A row's place among the rows of its file that have the same key, from 1 on; null without a key. For lines that have no
  number of their own.

  Why by position, and not by what the line says: two bottles of the same, scanned one after the other, are two lines.
  Places are the same when the file is sent again, and a later file that tells the same orders again replaces them place
  by place. The limit: a later file that tells an order's lines in another order, or fewer of them, replaces other
  lines than it means, and leaves those whose place it does not reach. With the issuer of the key, keys are one where
  `source_key` makes one of them (variable keys_without_leading_zeros).
  A file that was put together from exports which overlap tells orders twice. With `restarts_after` places begin anew at
  rows that are more than so many lines below those of the same key, so that what is told again replaces what was told
  before: more lines than one order has, fewer than lie between the two. `regulars check` says when, and how many.
  Example: {{ source_key('wholesale', 'invoice_no') }} || ':' || {{ place_within('invoice_no') }} as order_line_id
#}
{% macro place_within(column, issuer=none, restarts_after=none) -%}
case
    when {{ clean_key(column, issuer) }} is not null
        then cast(
            {{ 'row_number()' if restarts_after is none else 'count(*)' }} over (
                partition by _batch, {{ clean_key(column, issuer) }}
                order by _line nulls last
                {% if restarts_after is not none -%}
                range between {{ restarts_after }} preceding and current row
                {%- endif %}
            ) as bigint
        )
end
{%- endmacro %}
