Subject: {{desk.name}}: в вашем письме не названа заявка

{{why}}

Это автоматическое сообщение.

-- 
{{desk.name}}
{{desk.address}}
