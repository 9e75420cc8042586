({store:String} = '' OR store_id = {store:String}) AND ({channel:String} = '' OR channel = {channel:String})
