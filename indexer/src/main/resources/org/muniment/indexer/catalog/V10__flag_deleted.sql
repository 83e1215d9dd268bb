-- What has the flag \Deleted at its source; see FlagText.
CREATE INDEX placement_flag_deleted ON placement (mailbox, absence)
  WHERE instr(lower(flags), ' \deleted ') > 0;
