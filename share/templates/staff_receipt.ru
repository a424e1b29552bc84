Subject: [{{id}}] Что сделало ваше письмо

{{why}}

{{orders}}Это автоматическое сообщение.

-- 
{{desk.name}}
{{desk.address}}
