select cast('2027-01-01' as date) as as_of_date, true as is_latest
