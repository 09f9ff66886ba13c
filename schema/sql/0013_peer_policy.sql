-- What of another collector is taken over: under another policy its feed is gone through from its beginning again.
alter table peer add column policy text collate "C";
update peer set policy = '';
alter table peer alter column policy set not null;
