-- What the periods are, for the words beside each figure.
select period, frame, starts_on, ends_on, is_known
from frames
order by period, starts_on desc
