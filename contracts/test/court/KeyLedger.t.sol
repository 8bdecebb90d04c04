// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { KeyLedger } from "../../src/court/KeyLedger.sol";
import { ICopyRegistry } from "../../src/interfaces/ICopyRegistry.sol";
import { IKeyLedger } from "../../src/interfaces/IKeyLedger.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { Vm } from "../helpers/Vm.sol";

contract KeyLedgerTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    CopyId private constant COPY = CopyId.wrap(7);

    KeyLedger private ledger = new KeyLedger(ICopyRegistry(address(0)), address(this));

    function test_error_NotCourt(address caller) public {
        vm.assume(caller != address(this));
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.NotCourt.selector, caller, address(this)));
        vm.prank(caller);
        ledger.spend(COPY, 0);
    }

    /// Each of the eight is spent once, in an order that the seeds choose.
    function test_default(bytes32[8] memory seeds) public {
        for (uint256 i; i < 8; ++i) {
            uint8 eighth = ledger.spend(COPY, seeds[i]);
            vm.assertTrue(eighth < 8 && ledger.spent(COPY, eighth), "one that was left");
            vm.assertEq(ledger.left(COPY), 7 - i, "one less");
            vm.assertFalse(ledger.spent(CopyId.wrap(8), eighth), "spent for this copy only");
        }
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.CodewordSpent.selector, COPY));
        ledger.spend(COPY, 0);
    }
}
