// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { KeyLedger } from "../../src/court/KeyLedger.sol";
import { IKeyLedger } from "../../src/interfaces/IKeyLedger.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { Vm } from "../helpers/Vm.sol";

contract KeyLedgerTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant COURT = address(0xC0);
    bytes32 private constant KEY = keccak256("key");
    ModelId private constant MODEL = ModelId.wrap(7);

    KeyLedger private ledger;

    function setUp() public {
        ledger = new KeyLedger(address(this));
        ledger.setCourts(_courts());
    }

    function test_error_NotDeployer(address caller) public {
        vm.assume(caller != address(this));
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.NotDeployer.selector, caller, address(this)));
        vm.prank(caller);
        ledger.setCourts(_courts());
    }

    function test_error_CourtsAlreadySet() public {
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.CourtsAlreadySet.selector));
        ledger.setCourts(_courts());
    }

    function test_error_NotCourt(address caller) public {
        vm.assume(caller != COURT);
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.NotCourt.selector, caller));
        vm.prank(caller);
        ledger.burn(MODEL, KEY);
    }

    function test_error_KeyBurned() public {
        _burn();
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.KeyBurned.selector, MODEL, KEY));
        _burn();
    }

    function test_default() public {
        vm.assertFalse(ledger.burned(MODEL, KEY), "not burned yet");
        _burn();
        vm.assertTrue(ledger.burned(MODEL, KEY), "burned");
        vm.assertFalse(ledger.burned(ModelId.wrap(8), KEY), "burned for this model only");
    }

    function _burn() private {
        vm.prank(COURT);
        ledger.burn(MODEL, KEY);
    }

    function _courts() private pure returns (address[] memory courts) {
        courts = new address[](1);
        courts[0] = COURT;
    }
}
