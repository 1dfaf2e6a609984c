{#
  A figure of a channel, 0 in a month without one, where any month of the channel has one; else null.

  Why: a channel through which nobody was ever won or written to has not won 0, it does something else.
  Example: {{ zero_where_told('messages.sent_count', 'cells.channel') }}
#}
{% macro zero_where_told(figure, channel) -%}
case when count({{ figure }}) over (partition by {{ channel }}) > 0 then coalesce({{ figure }}, 0) end
{%- endmacro %}
